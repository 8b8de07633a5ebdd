import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { CPU, OTHERS, p50, p99 } from './figures.mjs';

const WARM_UP = 200;
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
    const warmUp = Math.min(WARM_UP, Math.ceil(n / 5));
    const waiting = [];
    await drive(warmUp + n, PREPARING, async () => waiting.push(await system.wait()));
    const one = () => waiting.pop()();
    await drive(warmUp, 1, one);
    let latencies = [];
    const used = await measured(n, async () => (latencies = await drive(n, 1, one)));
    await system.verify({ runs: warmUp + n, steps: 2 * (warmUp + n), waits: warmUp + n });
    return { ...used, p50Ms: percentile(latencies, 50), p99Ms: percentile(latencies, 99) };
  },
};
