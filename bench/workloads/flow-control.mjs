import { spread } from '../harness/statistics.mjs';

const STEPS = 3;
/** Single ones differ by tens of percent: the median of few is chance. */
const PAIRS = 20;
const WARM_UP = 1_000;
/** By what a worker claims; what each does is told in bench/stepwell/claim-variants.mjs. */
const VARIANTS = { bare: 'a claim without it', plain: 'as always', permits: 'with caps', shares: 'with weights and limits' };
const TENANTS = 10;

export default {
  name: 'flow-control',
  title: 'What flow control in the claim costs plain runs: 20 rounds of queued three-step runs of 10 tenants, by each claim in turn',
  unit: 'run',
  sizes: { full: 5_000, quick: 300 },
  /** It has rounds of its own. */
  repeats: 1,
  patienceMinutes: 30,
  needs: 'existing',
  figures: [
    ...Object.entries(VARIANTS).map(([key, title]) => ({ key: `${key}CpuMs`, title: `${title}: CPU ms`, digits: 4, better: 'less' })),
    ...Object.entries(VARIANTS).flatMap(([key, title]) =>
      key === 'bare' ? [] : [{ key: `${key}Percent`, title: `${title}: % more than without`, digits: 1, better: 'less' }],
    ),
    { key: 'otherLoadPercent', title: 'other load %', digits: 0 },
  ],
  headline: ['plainCpuMs'],
  targets: [{ figure: 'plainPercent', below: 5 }],
  async measure(system, { n, isQuick, measured }) {
    const names = Object.keys(VARIANTS);
    const rounds = isQuick ? 2 : PAIRS;
    const found = Object.fromEntries(names.map((name) => [name, []]));
    let otherLoadPercent = 0;
    await system.stopWorking();
    for (let round = 0; round < rounds; round++) {
      // Whoever goes first in one round goes last in the next.
      for (const name of round % 2 ? [...names].reverse() : names) {
        const workers = await system.startWorkers(1, name);
        try {
          await workers.queue(WARM_UP, TENANTS);
          await workers.workOff();
          await workers.queue(n, TENANTS);
          const used = await measured(n, () => workers.workOff(), workers.pids);
          found[name].push(used.cpuMs);
          otherLoadPercent = Math.max(otherLoadPercent, used.otherLoadPercent);
        } finally {
          await workers.end();
        }
      }
    }
    const runs = rounds * names.length * (WARM_UP + n);
    await system.verify({ runs, steps: STEPS * runs });
    const figures = { otherLoadPercent };
    for (const name of names) {
      figures[`${name}CpuMs`] = spread(found[name]).median;
      const more = found[name].map((cpuMs, round) => 100 * (cpuMs / found.bare[round] - 1));
      if (name !== 'bare')
        Object.assign(figures, { [`${name}Percent`]: spread(more).median, [`${name}Rounds`]: more.map(Math.round).join(' ') });
    }
    return figures;
  },
};
