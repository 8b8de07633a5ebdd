import { drive } from '../harness/drive.mjs';
import { OTHERS } from './figures.mjs';

const STARTING = 500;
const MB = 1024 * 1024;

export default {
  name: 'memory',
  title: 'Memory of the process while 100,000 runs wait in it',
  unit: 'waiting run',
  sizes: { full: 100_000, quick: 2_000 },
  needs: 'wait',
  figures: [
    { key: 'heapBytes', title: 'heap bytes/waiting run', digits: 0, better: 'less' },
    { key: 'heapMb', title: 'heap MB, all', digits: 1, better: 'less' },
    { key: 'residentMb', title: 'resident MB', digits: 0, better: 'less' },
    { key: 'startedPerSecond', title: 'brought to wait/s', digits: 0, better: 'more' },
    OTHERS,
  ],
  headline: ['heapBytes'],
  async measure(system, { n, measured }) {
    await drive(STARTING, STARTING, () => system.wait());
    const before = heap();
    // What would resume them is let go of: only what the system itself keeps counts.
    const used = await measured(n, () => drive(n, STARTING, () => system.wait().then(() => undefined)));
    const after = heap();
    const residentMb = process.memoryUsage().rss / MB;
    await system.verify({ runs: 0, steps: STARTING + n, waiting: STARTING + n });
    return {
      ...used,
      heapBytes: Math.max(0, after - before) / n,
      heapMb: after / MB,
      residentMb,
      startedPerSecond: (1000 * n) / used.wallMs,
    };
  },
};

function heap() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
