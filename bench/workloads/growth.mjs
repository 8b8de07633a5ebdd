// How cost grows: curves, each a workload of its own, so that one may be asked for alone.
//
// `growth-payloads`, `growth-workers` and `growth-tenants` measure all their points in one process and one database. The points of `growth-runs`
// and `growth-months` have each their own: an installation that has just begun, whose plans were made on empty tables, gets so much of a past,
// and is measured three times, as STATES says.
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
/** Runs of the past, however many months it has. */
const PAST = 100_000;
/** What each point is told by. */
export const MEASURES = [
  { key: 'runsPerSecond', title: 'runs/s', digits: 0, better: 'more' },
  { key: 'cpuMs', title: 'CPU ms a run', digits: 3, better: 'less' },
  { key: 'walBytes', title: 'WAL bytes a run', digits: 0, better: 'less' },
];
const ONE_STATE = [{ key: '', title: '' }];
/** In the order in which a picture has them, the first as the main one. Measured is the second first. */
const STATES = [
  { key: '', title: 'as autovacuum leaves it' },
  { key: 'Fresh', title: 'before autovacuum has come' },
  { key: 'Queued', title: 'as autovacuum leaves it, by the queue' },
];
/** Each point has an installation of its own. */
const BESIDE_A_PAST = { isApart: true, states: STATES, patienceMinutes: 30 };

/** From its first point to its last the CPU of a run grows no further: beyond that it would be a cliff. */
const MOST_GROWTH = 1.3;

export const keyOf = (measure, point, state = '') => `${measure}${state}At${point}`;

export default [
  curve({
    name: 'growth-runs',
    title: 'Three-step runs among 1 thousand to a million that have ended, before and after autovacuum',
    axis: 'runs that are there',
    points: [1_000, 10_000, 100_000, 1_000_000],
    quick: [1_000, 10_000],
    ...BESIDE_A_PAST,
    measure: (system, n, [point], measured) => withPast(system, n, { runs: point, months: 1 }, measured),
  }),
  curve({
    name: 'growth-months',
    title: 'Three-step runs beside 100,000 of the last 1 to 36 months, a partition each',
    axis: 'months with runs',
    points: [1, 4, 12, 36],
    quick: [1, 4],
    ...BESIDE_A_PAST,
    measure: (system, n, [point], measured, isQuick) => withPast(system, n, { runs: isQuick ? PAST / 100 : PAST, months: point }, measured),
  }),
  curve({
    name: 'growth-payloads',
    title: 'Three-step runs whose input, and the output of each step, is 0.1 to 100 KB',
    axis: 'KB of a payload',
    isFlat: false,
    points: [0.1, 1, 10, 100],
    quick: [0.1, 100],
    async measure(system, n, points, measured) {
      const found = [];
      let runs = WARM_UP;
      await drive(WARM_UP, PAYLOADS_IN_FLIGHT, () => system.carryThree({ text: 'x' }));
      for (const point of points) {
        const text = textOf(point * KB);
        const count = Math.max(FEWEST, Math.min(n, Math.floor(BYTES_OF_A_SIZE / (point * KB))));
        found.push({ '': await measured(count, () => drive(count, PAYLOADS_IN_FLIGHT, () => system.carryThree({ text }))) });
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

/** @returns one point, in each of STATES */
async function withPast(system, n, { runs, months }, measured) {
  const started = (count) => drive(count, IN_FLIGHT, () => system.run(STEPS));
  await system.growOld(months);
  // Statements of either way are prepared, and planned, on what is next to nothing.
  await started(WARM_UP / 2);
  await (
    await system.queueHere(WARM_UP / 2)
  )();
  const missing = Math.max(0, runs - WARM_UP);
  await system.addEndedRuns(missing, months);
  // Each begins with pages that are written out, and logs each whole that it changes first.
  await system.checkpoint();
  const fresh = await measured(n, () => started(n));
  await system.vacuum();
  await system.checkpoint();
  const settled = await measured(n, () => started(n));
  const workOff = await system.queueHere(n);
  await system.checkpoint();
  const queued = await measured(n, workOff);
  const all = WARM_UP + missing + 3 * n;
  await system.verify({ runs: all, steps: STEPS * all });
  return [{ '': settled, Fresh: fresh, Queued: queued }];
}

async function worked(system, n, points, measured) {
  const found = [];
  await system.stopWorking();
  for (const { workers: count, tenants } of points) {
    const workers = await system.startWorkers(count);
    try {
      await workers.queue(WARM_UP, tenants);
      await workers.workOff();
      await workers.queue(n, tenants);
      found.push({ '': await measured(n, () => workers.workOff(), workers.pids) });
    } finally {
      await workers.end();
    }
  }
  const runs = points.length * (WARM_UP + n);
  await system.verify({ runs, steps: STEPS * runs });
  return found;
}

/**
 * @param about `points` are the places on its axis; `quick` those of a quick look; `isFlat`: a run is to cost as much at each; `isApart`: each has a process and a database of its own; `measure`
 *   finds for each point what was used, by the keys of `states`
 */
function curve({ name, title, axis, points, quick, isFlat = true, isApart = false, states = ONE_STATE, patienceMinutes, measure }) {
  const figures = points.flatMap((point) =>
    states.flatMap((state) =>
      MEASURES.map(({ key, title: what, ...how }) => ({
        ...how,
        key: keyOf(key, point, state.key),
        title: [`${point.toLocaleString('en')} ${axis}`, state.title, what].filter(Boolean).join(': '),
      })),
    ),
  );
  return {
    name,
    title,
    curve: { axis, points, states },
    unit: 'run',
    sizes: { full: 20_000, quick: 500 },
    ...(patienceMinutes ? { patienceMinutes } : {}),
    needs: 'existing',
    ...(isApart ? { partsOf: (isQuick) => (isQuick ? quick : points) } : {}),
    figures: [...figures, { key: 'otherLoadPercent', title: 'other load %', digits: 0 }],
    headline: [keyOf('cpuMs', points.at(-1))],
    targets: isFlat ? states.map(({ key }) => ({ figure: keyOf('cpuMs', points.at(-1), key), timesOf: keyOf('cpuMs', points[0], key), most: MOST_GROWTH })) : [], // prettier-ignore
    async measure(system, { n, isQuick, part, measured }) {
      const asked = part === null ? (isQuick ? quick : points) : [part];
      const found = await measure(system, n, asked, measured, isQuick);
      const told = found.flatMap((byState, index) =>
        Object.entries(byState).flatMap(([state, used]) => {
          const values = { ...used, runsPerSecond: used.unitsPerSecond };
          return MEASURES.map(({ key }) => [keyOf(key, asked[index], state), values[key]]);
        }),
      );
      const loads = found.flatMap(Object.values).map(({ otherLoadPercent }) => otherLoadPercent);
      return { ...Object.fromEntries(told), otherLoadPercent: Math.max(...loads) };
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
