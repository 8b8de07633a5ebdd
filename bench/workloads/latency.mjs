import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { warmUp } from '../harness/warm-up.mjs';
import { CPU, OTHERS, p50, p99 } from './figures.mjs';

/** Of a fifth of what is measured. */
const WARM_UP_ROUNDS = 30;
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
    const few = Math.ceil(n / 5);
    const before = {};
    for (const steps of [1, MORE_STEPS]) before[steps] = few * (await warmUp(WARM_UP_ROUNDS, () => drive(few, 1, () => system.run(steps))));
    const latencies = {};
    const time = async (steps) => (latencies[steps] = await drive(n, 1, () => system.run(steps)));
    const used = await measured(n, () => time(1));
    await time(MORE_STEPS);
    await system.settled?.();
    const [ones, longer] = [1, MORE_STEPS].map((steps) => before[steps] + n);
    await system.verify({ runs: ones + longer, steps: ones + MORE_STEPS * longer });
    const p50Ms = percentile(latencies[1], 50);
    return {
      ...used,
      p50Ms,
      p99Ms: percentile(latencies[1], 99),
      furtherStepMs: Math.max(0, percentile(latencies[MORE_STEPS], 50) - p50Ms) / (MORE_STEPS - 1),
    };
  },
};
