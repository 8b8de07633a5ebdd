import { setTimeout as pause } from 'node:timers/promises';
import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { CPU, OTHERS } from './figures.mjs';

const WARM_UP = 2_000;
const WARM_UP_IN_FLIGHT = 200;
/** Between two starts of the quiet tenant, whether or not the one before has ended: who waits for an answer before he asks again hides a delay. */
const EVERY_MS = 40;
/** Starts of the quiet tenant while nothing else is there. */
const ALONE = 200;
/** How the quiet tenant's run comes: to the process whose worker takes it at once where it may, or by the queue, as from another process. */
const WAYS = { started: 'started here', queued: 'by the queue' };

export default {
  name: 'noisy-tenant',
  title: 'One tenant has 100,000 no-op runs queued; another one starts a run every 40 ms: from the call that starts it to its durable end',
  unit: 'run of the noisy tenant',
  sizes: { full: 100_000, quick: 5_000 },
  needs: 'tenants',
  figures: [
    ...Object.entries(WAYS).flatMap(([way, title]) => [
      { key: `${way}AloneP50Ms`, title: `${title}, alone: p50 ms`, digits: 1, better: 'less' },
      { key: `${way}AloneP99Ms`, title: `${title}, alone: p99 ms`, digits: 1, better: 'less' },
      { key: `${way}P50Ms`, title: `${title}, with the noise: p50 ms`, digits: 1, better: 'less' },
      { key: `${way}P99Ms`, title: `${title}, with the noise: p99 ms`, digits: 1, better: 'less' },
      { key: `${way}DelayP99Ms`, title: `${title}: delay p99 ms`, digits: 1, better: 'less' },
    ]),
    { key: 'noiseRunsPerSecond', title: 'noisy runs/s', digits: 0, better: 'more' },
    CPU,
    OTHERS,
  ],
  headline: ['startedDelayP99Ms'],
  targets: Object.keys(WAYS).map((way) => ({ figure: `${way}DelayP99Ms`, below: 100 })),
  async measure(system, { n, measured }) {
    await drive(WARM_UP, WARM_UP_IN_FLIGHT, () => system.run(1));
    const runs = quietTenant(system);
    const alone = await runs.startUntil((started) => started === ALONE);
    const noise = await system.queueNoise(n);
    let crowded;
    const used = await measured(n, async () => {
      noise.begin();
      crowded = await runs.startUntil(() => noise.isOver());
      await noise.ended;
    });
    const quiet = Object.values(alone).concat(Object.values(crowded)).flat().length;
    await system.verify({ runs: WARM_UP + n + quiet, steps: WARM_UP + n + quiet });
    const figures = { ...used, noiseRunsPerSecond: (1000 * n) / used.wallMs };
    for (const way of Object.keys(WAYS)) {
      const aloneP50Ms = percentile(alone[way], 50);
      const p99Ms = percentile(crowded[way], 99);
      Object.assign(figures, {
        [`${way}AloneP50Ms`]: aloneP50Ms,
        [`${way}AloneP99Ms`]: percentile(alone[way], 99),
        [`${way}P50Ms`]: percentile(crowded[way], 50),
        [`${way}P99Ms`]: p99Ms,
        // Against the median alone: what the quiet tenant has come to expect.
        [`${way}DelayP99Ms`]: Math.max(0, p99Ms - aloneP50Ms),
        [`${way}Count`]: crowded[way].length,
      });
    }
    return figures;
  },
};

/** Starts runs at a steady pace, one way and the other by turns. */
function quietTenant(system) {
  return {
    /** @returns by way: how many milliseconds each run took */
    startUntil: async (isEnough) => {
      const took = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]));
      const ways = Object.keys(WAYS);
      const open = [];
      const begin = performance.now();
      for (let started = 0; !isEnough(started); started++) {
        const way = ways[started % ways.length];
        const at = performance.now();
        open.push(system.quietRun(way).then(() => took[way].push(performance.now() - at)));
        await pause(Math.max(1, begin + (started + 1) * EVERY_MS - performance.now()));
      }
      await Promise.all(open);
      return took;
    },
  };
}
