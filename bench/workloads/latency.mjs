import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { CPU, OTHERS, p50, p99 } from './figures.mjs';

const WARM_UP = 200;
/** Runs of so many steps beside those of one tell what a further step takes. */
const MORE_STEPS = 3;

export default {
  name: 'latency',
  title: 'Latency of a one-step run, one at a time: from the call that starts it to its durable end; and of each further step',
  unit: 'run',
  sizes: { full: 500, quick: 50 },
  needs: 'run',
  figures: [p50(), p99(), { key: 'furtherStepMs', title: 'further step ms', digits: 2, better: 'less' }, CPU, OTHERS],
  headline: ['p50Ms', 'furtherStepMs'],
  targets: [{ figure: 'p50Ms', of: 'bare-loop', share: 1 / 1.3 }],
  async measure(system, { n, measured }) {
    const warmUp = Math.min(WARM_UP, Math.ceil(n / 5));
    for (const steps of [1, MORE_STEPS]) await drive(warmUp, 1, () => system.run(steps));
    const latencies = {};
    const time = async (steps) => (latencies[steps] = await drive(n, 1, () => system.run(steps)));
    const used = await measured(n, () => time(1));
    await time(MORE_STEPS);
    await system.settled?.();
    await system.verify({ runs: 2 * (warmUp + n), steps: (1 + MORE_STEPS) * (warmUp + n) });
    const p50Ms = percentile(latencies[1], 50);
    return {
      ...used,
      p50Ms,
      p99Ms: percentile(latencies[1], 99),
      furtherStepMs: Math.max(0, percentile(latencies[MORE_STEPS], 50) - p50Ms) / (MORE_STEPS - 1),
    };
  },
};
