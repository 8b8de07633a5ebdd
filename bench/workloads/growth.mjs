// How cost grows: four curves, each a workload of its own, so that one may be asked for alone. Every point of a curve is measured in the same
// process and the same database, as an installation grows: plans and pages of a smaller one are kept.
import { drive } from '../harness/drive.mjs';

const STEPS = 3;
const KB = 1024;
const WARM_UP = 1_000;
const IN_FLIGHT = 2_000;
/** So much goes through at each size of a payload, but at least the fewest and at most `n` runs. */
const BYTES_OF_A_SIZE = 60 * KB * KB;
const FEWEST = 300;
/** In memory at a time, at most. */
const PAYLOADS_IN_FLIGHT = 200;
/** What each point is told by. */
export const MEASURES = [
  { key: 'runsPerSecond', title: 'runs/s', digits: 0, better: 'more' },
  { key: 'cpuMs', title: 'CPU ms a run', digits: 3, better: 'less' },
  { key: 'walBytes', title: 'WAL bytes a run', digits: 0, better: 'less' },
];

export const keyOf = (measure, point) => `${measure}At${point}`;

export default [
  curve({
    name: 'growth-runs',
    title: 'Three-step runs among 1 thousand to a million that have ended',
    axis: 'runs that are there',
    points: [1_000, 10_000, 100_000, 1_000_000],
    quick: [1_000, 10_000],
    // The place on the axis is where a measurement begins; more would blur the first ones.
    full: 5_000,
    patienceMinutes: 30,
    async measure(system, n, points, measured) {
      const found = [];
      await drive(WARM_UP, IN_FLIGHT, () => system.run(STEPS));
      let there = WARM_UP;
      let added = 0;
      for (const point of points) {
        const missing = Math.max(0, point - there);
        if (missing > 0) await system.addEndedRuns(missing);
        there += missing + n;
        added += missing + n;
        found.push(await measured(n, () => drive(n, IN_FLIGHT, () => system.run(STEPS))));
      }
      await system.verify({ runs: WARM_UP + added, steps: STEPS * (WARM_UP + added) });
      return found;
    },
  }),
  curve({
    name: 'growth-payloads',
    title: 'Three-step runs whose input, and the output of each step, is 0.1 to 100 KB',
    axis: 'KB of a payload',
    points: [0.1, 1, 10, 100],
    quick: [0.1, 100],
    async measure(system, n, points, measured) {
      const found = [];
      let runs = WARM_UP;
      await drive(WARM_UP, PAYLOADS_IN_FLIGHT, () => system.carryThree({ text: 'x' }));
      for (const point of points) {
        const text = textOf(point * KB);
        const count = Math.max(FEWEST, Math.min(n, Math.floor(BYTES_OF_A_SIZE / (point * KB))));
        found.push(await measured(count, () => drive(count, PAYLOADS_IN_FLIGHT, () => system.carryThree({ text }))));
        runs += count;
      }
      await system.verify({ runs, steps: STEPS * runs });
      return found;
    },
  }),
  curve({
    name: 'growth-workers',
    title: 'Queued three-step runs, worked off by 1, 2 and 4 worker processes',
    axis: 'worker processes',
    points: [1, 2, 4],
    quick: [1, 2],
    measure: (system, n, points, measured) => worked(system, n, points.map((workers) => ({ workers, tenants: 1 })), measured), // prettier-ignore
  }),
  curve({
    name: 'growth-tenants',
    title: 'Queued three-step runs of one tenant and of 1,000, worked off by one worker process',
    axis: 'tenants',
    points: [1, 10, 100, 1_000],
    quick: [1, 100],
    measure: (system, n, points, measured) => worked(system, n, points.map((tenants) => ({ workers: 1, tenants })), measured), // prettier-ignore
  }),
];

async function worked(system, n, points, measured) {
  const found = [];
  await system.stopWorking();
  for (const { workers: count, tenants } of points) {
    const workers = await system.startWorkers(count);
    try {
      await workers.queue(WARM_UP, tenants);
      await workers.workOff();
      await workers.queue(n, tenants);
      found.push(await measured(n, () => workers.workOff(), workers.pids));
    } finally {
      await workers.end();
    }
  }
  const runs = points.length * (WARM_UP + n);
  await system.verify({ runs, steps: STEPS * runs });
  return found;
}

/** @param about `points` are the places on its axis; `quick` those of a quick look */
function curve({ name, title, axis, points, quick, full = 10_000, patienceMinutes, measure }) {
  const figures = points.flatMap((point) =>
    MEASURES.map(({ key, title: what, ...how }, index) => ({
      ...how,
      key: keyOf(key, point),
      title: index === 0 ? `${point.toLocaleString('en')} ${axis}: ${what}` : what,
    })),
  );
  return {
    name,
    title,
    curve: { axis, points },
    unit: 'run',
    sizes: { full, quick: 500 },
    ...(patienceMinutes ? { patienceMinutes } : {}),
    needs: 'existing',
    figures: [...figures, { key: 'otherLoadPercent', title: 'other load %', digits: 0 }],
    headline: [keyOf('cpuMs', points.at(-1))],
    async measure(system, { n, isQuick, measured }) {
      const asked = isQuick ? quick : points;
      const found = await measure(system, n, asked, measured);
      const told = found.flatMap((used, index) => {
        const values = { ...used, runsPerSecond: used.unitsPerSecond };
        return MEASURES.map(({ key }) => [keyOf(key, asked[index]), values[key]]);
      });
      return { ...Object.fromEntries(told), otherLoadPercent: Math.max(...found.map((used) => used.otherLoadPercent)) };
    },
  };
}

/** A text that looks like text: neither one letter, which a database packs into nothing, nor noise. */
function textOf(bytes) {
  let state = 7;
  let text = '';
  while (text.length < bytes) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += `${(state >>> 8).toString(36)} `;
  }
  return text.slice(0, bytes);
}
