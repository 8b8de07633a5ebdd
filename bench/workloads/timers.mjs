import { drive } from '../harness/drive.mjs';
import { percentile } from '../harness/statistics.mjs';
import { warmUp } from '../harness/warm-up.mjs';
import { CPU, OTHERS, p50, p99 } from './figures.mjs';

const STARTING = 200;
/** From the first start until all are due; doubled until they have all been started by then. */
const LEADS_MS = [5_000, 10_000, 20_000, 40_000, 80_000];
/** Of a fifth of what is measured. */
const WARM_UP_ROUNDS = 4;
const WARM_UP_LEAD_MS = 1_000;

export default {
  name: 'timers',
  title: '2,000 timers that are due at the same moment: how late the step behind each begins',
  unit: 'timer',
  sizes: { full: 2_000, quick: 200 },
  needs: 'timer',
  figures: [p50('late p50 ms'), p99('late p99 ms'), { key: 'maxMs', title: 'latest ms', digits: 0, better: 'less' }, CPU, OTHERS],
  headline: ['p99Ms'],
  targets: [{ figure: 'p99Ms', below: 100 }],
  async measure(system, { n, measured }) {
    let [runs, steps] = [0, 0];
    const timers = async (count, lead) => {
      const due = Date.now() + lead;
      const late = [];
      const ends = [];
      await drive(count, STARTING, async () => {
        const { end } = await system.timer(due, (at) => late.push(at - due));
        ends.push(end);
      });
      const isInTime = Date.now() < due;
      await Promise.all(ends);
      runs += count;
      steps += count;
      return isInTime ? late : null;
    };
    await warmUp(WARM_UP_ROUNDS, () => timers(Math.ceil(n / 5), WARM_UP_LEAD_MS));
    for (const lead of LEADS_MS) {
      let late = null;
      const used = await measured(n, async () => (late = await timers(n, lead)));
      if (late === null) continue;
      await system.verify({ runs, steps, timers: runs });
      return { ...used, p50Ms: percentile(late, 50), p99Ms: percentile(late, 99), maxMs: Math.max(...late) };
    }
    throw new Error(`${n} timers cannot be set within ${LEADS_MS.at(-1) / 1000} s.`);
  },
};
