import { drive } from '../harness/drive.mjs';
import { CPU, OTHERS, WAL } from './figures.mjs';

const IN_FLIGHT = 2_000;
const WARM_UP = 5_000;

export default {
  name: 'emitter',
  title: '100,000 records, each of which becomes a run of one step: from the first read to the durable end of the last run',
  unit: 'record',
  sizes: { full: 100_000, quick: 2_000 },
  needs: 'run',
  figures: [{ key: 'recordsPerSecond', title: 'records/s', digits: 0, better: 'more' }, CPU, WAL, OTHERS],
  headline: ['recordsPerSecond', 'cpuMs'],
  targets: [{ figure: 'recordsPerSecond', of: 'bare-loop', share: 0.35 }],
  /** Where nothing is known of records, a run is started for each: so the bare loop's figure is its rate of one-step runs. */
  async measure(system, { n, measured }) {
    const emit = system.emit ?? ((records) => drive(records, IN_FLIGHT, () => system.run(1)));
    const warmUp = Math.min(WARM_UP, Math.ceil(n / 5));
    await emit(warmUp);
    const used = await measured(n, () => emit(n));
    await system.verify({ runs: warmUp + n, steps: warmUp + n });
    return { ...used, recordsPerSecond: (1000 * n) / used.wallMs };
  },
};
