import { drive } from '../harness/drive.mjs';
import { warmUp } from '../harness/warm-up.mjs';
import { CPU, OTHERS, WAL } from './figures.mjs';

const PREPARING = 200;
/** All at once as well. */
const WARM_UP_ROUNDS = 5;

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
    const waiting = [];
    const prepare = () => drive(n, PREPARING, async () => waiting.push(await system.wait()));
    const resume = () => Promise.all(waiting.splice(0, n).map((one) => one()));
    const runs = n * (1 + (await warmUp(WARM_UP_ROUNDS, () => prepare().then(resume))));
    await prepare();
    const used = await measured(n, resume);
    await system.verify({ runs, steps: 2 * runs, waits: runs });
    return { ...used, runsPerSecond: (1000 * n) / used.wallMs };
  },
};
