import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { warmUp } from '../harness/warm-up.mjs';
import { CPU, OTHERS, p50, p99 } from './figures.mjs';

/** Of a fifth of what is measured. */
const WARM_UP_ROUNDS = 30;
/** Runs that are brought to their wait at once, before the clock starts. */
const PREPARING = 50;

export default {
  name: 'resume',
  title: 'Resume of a waiting run, one at a time: from the call that resumes it to its durable end, one step later',
  unit: 'run',
  sizes: { full: 500, quick: 50 },
  needs: 'wait',
  figures: [p50(), p99(), CPU, OTHERS],
  headline: ['p50Ms'],
  targets: [{ figure: 'p50Ms', of: 'bare-loop', share: 1 / 1.3 }],
  async measure(system, { n, measured }) {
    const waiting = [];
    const prepare = (count) => drive(count, PREPARING, async () => waiting.push(await system.wait()));
    const resume = (count) => drive(count, 1, () => waiting.pop()());
    const few = Math.ceil(n / 5);
    const before = few * (await warmUp(WARM_UP_ROUNDS, () => prepare(few).then(() => resume(few))));
    await prepare(n);
    let latencies = [];
    const used = await measured(n, async () => (latencies = await resume(n)));
    const runs = before + n;
    await system.verify({ runs, steps: 2 * runs, waits: runs });
    return { ...used, p50Ms: percentile(latencies, 50), p99Ms: percentile(latencies, 99) };
  },
};
