import { drive } from '../harness/drive.mjs';
import { CPU, OTHERS, WAL } from './figures.mjs';

const PREPARING = 200;
/** Unmeasured, all at once as well. */
const WARM_UP = 500;

export default {
  name: 'bulk-resume',
  title: '2,000 waiting runs resumed all at once: until the durable end of the last one, one step later',
  unit: 'run',
  sizes: { full: 2_000, quick: 200 },
  needs: 'wait',
  figures: [{ key: 'runsPerSecond', title: 'runs/s', digits: 0, better: 'more' }, CPU, WAL, OTHERS],
  headline: ['runsPerSecond', 'cpuMs'],
  targets: [{ figure: 'runsPerSecond', of: 'bare-loop', share: 0.5 }],
  async measure(system, { n, measured }) {
    const warmUp = Math.min(WARM_UP, Math.ceil(n / 5));
    const waiting = [];
    await drive(warmUp + n, PREPARING, async () => waiting.push(await system.wait()));
    const resume = (count) => Promise.all(waiting.splice(0, count).map((one) => one()));
    await resume(warmUp);
    const used = await measured(n, () => resume(n));
    await system.verify({ runs: warmUp + n, steps: 2 * (warmUp + n), waits: warmUp + n });
    return { ...used, runsPerSecond: (1000 * n) / used.wallMs };
  },
};
