import { CPU, OTHERS, WAL } from './figures.mjs';

/** Parents before the clock starts; each has fewer children. */
const WARM_UP = 3;

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
    const few = Math.ceil(n / 10);
    for (let i = 0; i < WARM_UP; i++) await system.fanOut(few);
    const used = await measured(n, () => system.fanOut(n));
    const children = WARM_UP * few + n;
    await system.verify({ runs: children + WARM_UP + 1, steps: children, parents: WARM_UP + 1 });
    return { ...used, childrenPerSecond: (1000 * n) / used.wallMs };
  },
};
