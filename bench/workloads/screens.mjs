import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { CPU, OTHERS, p50, p99, WAL } from './figures.mjs';

const PREPARING = 200;
/** People who decide at the same time. */
const PEOPLE = 50;
const WARM_UP = 500;

export default {
  name: 'screens',
  title: '10,000 screens decided by 50 people at once: from each decision to the durable end of its run, one step later',
  unit: 'screen',
  sizes: { full: 10_000, quick: 300 },
  needs: 'screen',
  figures: [{ key: 'screensPerSecond', title: 'decisions/s', digits: 0, better: 'more' }, p50(), p99(), CPU, WAL, OTHERS],
  headline: ['screensPerSecond'],
  async measure(system, { n, measured }) {
    const warmUp = Math.min(WARM_UP, Math.ceil(n / 5));
    const open = [];
    await drive(warmUp + n, PREPARING, async () => open.push(await system.screen()));
    const one = () => open.pop()();
    await drive(warmUp, PEOPLE, one);
    let latencies = [];
    const used = await measured(n, async () => (latencies = await drive(n, PEOPLE, one)));
    await system.verify({ runs: warmUp + n, steps: 2 * (warmUp + n), screens: warmUp + n });
    return {
      ...used,
      screensPerSecond: (1000 * n) / used.wallMs,
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
    };
  },
};
