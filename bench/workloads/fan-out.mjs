import { warmUp } from '../harness/warm-up.mjs';
import { CPU, OTHERS, WAL } from './figures.mjs';

/** Of parents that have a fifth of the children. */
const WARM_UP_ROUNDS = 25;

export default {
  name: 'fan-out',
  title: 'A parent that starts 2,000 children of one step and waits for all of them: from its start to its durable end',
  unit: 'child',
  sizes: { full: 2_000, quick: 200 },
  needs: 'fanOut',
  figures: [
    { key: 'childrenPerSecond', title: 'children/s', digits: 0, better: 'more' },
    { key: 'wallMs', title: 'ms', digits: 0, better: 'less' },
    CPU,
    WAL,
    OTHERS,
  ],
  headline: ['childrenPerSecond', 'cpuMs'],
  targets: [{ figure: 'childrenPerSecond', of: 'bare-loop', share: 0.5 }],
  async measure(system, { n, measured }) {
    const few = Math.ceil(n / 5);
    const before = await warmUp(WARM_UP_ROUNDS, () => system.fanOut(few));
    const used = await measured(n, () => system.fanOut(n));
    const [children, parents] = [before * few + n, before + 1];
    await system.verify({ runs: children + parents, steps: children, parents });
    return { ...used, childrenPerSecond: (1000 * n) / used.wallMs };
  },
};
