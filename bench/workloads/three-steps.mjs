import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { EVERY_PEER } from '../peers/index.mjs';
import { CPU, NODE_CPU, OTHERS, p50, p99, SERVER_CPU, WAL } from './figures.mjs';

/** Runs started and not yet ended, at most. */
const IN_FLIGHT = 2_000;
/** Enough for compiled code, prepared statements and warm pages; where a run takes long, a fifth of what is measured. */
const WARM_UP = 4_000;
const STEPS = 3;

export default {
  name: 'three-steps',
  title: 'Three-step runs, each step durable before the next one starts',
  unit: 'run',
  sizes: { full: 20_000, quick: 1_000 },
  needs: 'run',
  figures: [
    { key: 'runsPerSecond', title: 'runs/s', digits: 0, better: 'more' },
    { key: 'stepsPerSecond', title: 'steps/s', digits: 0, better: 'more' },
    { ...CPU, key: 'cpuMsPerStep', title: 'CPU ms/step', digits: 4 },
    NODE_CPU,
    SERVER_CPU,
    p50(),
    p99(),
    WAL,
    OTHERS,
  ],
  /** What ratios are of. */
  headline: ['cpuMsPerStep', 'stepsPerSecond'],
  targets: [
    { figure: 'cpuMsPerStep', of: 'bare-loop', share: 0.6, failure: 0.25 },
    { figure: 'cpuMsPerStep', of: 'dbos', share: 25 },
    { figure: 'cpuMsPerStep', of: EVERY_PEER },
    { figure: 'stepsPerSecond', of: EVERY_PEER },
  ],
  async measure(system, { n, measured }) {
    const one = () => system.run(STEPS);
    const warmUp = Math.min(WARM_UP, Math.ceil(n / 5));
    await drive(warmUp, IN_FLIGHT, one);
    let latencies = [];
    const used = await measured(n, async () => (latencies = await drive(n, IN_FLIGHT, one)));
    await system.verify({ runs: warmUp + n, steps: (warmUp + n) * STEPS });
    return {
      ...used,
      runsPerSecond: (1000 * n) / used.wallMs,
      stepsPerSecond: (1000 * n * STEPS) / used.wallMs,
      cpuMsPerStep: used.cpuMs / STEPS,
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
    };
  },
};
