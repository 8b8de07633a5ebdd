import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { CPU, OTHERS, p50, p99, WAL } from './figures.mjs';

const IN_FLIGHT = 20;
const KB = 1024;
/** By turns: of a hundred runs 60 carry 1 KB, 25 carry 10 KB, 12 carry 100 KB and 3 carry 1 MB; some 45 KB a run. */
const MIX = [
  [60, KB],
  [25, 10 * KB],
  [12, 100 * KB],
  [3, 1024 * KB],
].flatMap(([share, bytes]) => Array.from({ length: share }, () => bytes));
/** Spread, not one size after the other; 37 and 100 have no divisor in common. */
const sizeOf = (index) => MIX[(index * 37) % MIX.length];

export default {
  name: 'payloads',
  title: 'Payloads of 1 KB to 1 MB: one-step runs that take one as input and give it back as output, 20 at once',
  unit: 'run',
  sizes: { full: 2_000, quick: 100 },
  needs: 'carry',
  figures: [
    { key: 'runsPerSecond', title: 'runs/s', digits: 0, better: 'more' },
    { key: 'megabytesPerSecond', title: 'MB/s of input', digits: 1, better: 'more' },
    p50(),
    p99(),
    CPU,
    WAL,
    OTHERS,
  ],
  headline: ['megabytesPerSecond', 'cpuMs'],
  async measure(system, { n, measured }) {
    const payloads = new Map([...new Set(MIX)].map((bytes) => [bytes, textOf(bytes)]));
    const one = (index) => system.carry({ text: payloads.get(sizeOf(index)) });
    const warmUp = Math.ceil(n / 5);
    await drive(warmUp, IN_FLIGHT, one);
    let latencies = [];
    const used = await measured(n, async () => (latencies = await drive(n, IN_FLIGHT, one)));
    await system.verify({ runs: warmUp + n, steps: warmUp + n });
    const bytes = Array.from({ length: n }, (_, index) => sizeOf(index)).reduce((sum, size) => sum + size, 0);
    return {
      ...used,
      runsPerSecond: (1000 * n) / used.wallMs,
      megabytesPerSecond: (1000 * bytes) / (KB * KB) / used.wallMs,
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
    };
  },
};

/** A text that looks like text: neither one letter, which a database packs into nothing, nor noise. The same each time. */
function textOf(bytes) {
  let state = bytes;
  let text = '';
  while (text.length < bytes) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += `${(state >>> 8).toString(36)} `;
  }
  return text.slice(0, bytes);
}
