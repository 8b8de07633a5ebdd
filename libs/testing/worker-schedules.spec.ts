/**
 * Random workflows through the real worker loop under random schedules, over the store in memory. Whatever the schedule, the run comes to
 * the end that its tree says, each step is completed once, and nothing is left open.
 *
 * A failure prints its seed. `STEPWELL_SCHEDULE=<seed>` plays that one alone and shows its steps, `STEPWELL_SCHEDULES=100000` plays more.
 */
import { ScheduleWorld } from './schedules/schedule-world.js';

const ONE = process.env['STEPWELL_SCHEDULE'];
const COUNT = ONE === undefined ? Number(process.env['STEPWELL_SCHEDULES'] ?? 2_000) : 1;
/** The same schedules each time, so that only a change of the code turns them red; who looks longer looks at others. */
const FIRST = Number(ONE ?? ('STEPWELL_SCHEDULES' in process.env ? Date.now() % 2 ** 30 : 1));

describe('random workflows under random schedules of real workers', () => {
  it('end as they must, whatever happens in between', async () => {
    const seen = { deaths: 0, lostLeases: 0, canceled: 0, undone: 0 };
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      const world = new ScheduleWorld(seed);
      const report = await world.play().catch((cause: unknown) => {
        const steps = ONE === undefined ? '' : `\n${world.steps.join('\n')}`;
        const again = `STEPWELL_SCHEDULE=${seed} npm run jest -- libs/testing/worker-schedules.spec.ts`;
        throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\nAgain: ${again}${steps}`, { cause });
      });
      seen.deaths += report.deaths;
      seen.lostLeases += report.lostLeases;
      seen.undone += report.undone;
      if (report.isCanceled) seen.canceled++;
    }
    // A generator that hardly ever does any harm proves nothing.
    if (ONE === undefined) expect(Math.min(seen.deaths, seen.lostLeases, seen.canceled * 50, seen.undone * 10)).toBeGreaterThan(COUNT / 4);
  }, 600_000);
});
