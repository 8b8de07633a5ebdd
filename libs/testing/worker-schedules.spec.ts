/**
 * Random workflows through the real worker loop under random schedules, over the store in memory. Whatever the schedule, the run comes to
 * the end that its tree says, each step is completed once, and nothing is left open.
 *
 * A failure prints its seed. `STEPWELL_SCHEDULE=<seed>` plays that one alone and shows each step, `STEPWELL_SCHEDULES=100000` plays more.
 */
import { firstSeed } from '../../test/models/first-seed.js';
import { ScheduleWorld } from './schedules/schedule-world.js';

const ONE = process.env['STEPWELL_SCHEDULE'];
const COUNT = ONE === undefined ? Number(process.env['STEPWELL_SCHEDULES'] ?? 2_000) : 1;
const FIRST = ONE === undefined ? firstSeed('libs/testing/worker-schedules.spec.ts', 'STEPWELL_SCHEDULES' in process.env) : Number(ONE);

/** Milliseconds: generous, and more for who looks longer. */
const TIMEOUT = Math.max(600_000, 500 * COUNT);

describe('random workflows under random schedules of real workers', () => {
  it(
    'end as they must, whatever happens in between',
    async () => {
      const seen = {
        deaths: 0,
        lostLeases: 0,
        deploys: 0,
        strayHints: 0,
        repeats: 0,
        lostAnswers: 0,
        lostCommits: 0,
        canceled: 0,
        undone: 0,
      };
      for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
        const world = new ScheduleWorld(seed);
        const report = await world
          .play()
          .catch((cause: unknown) => {
            const again = `STEPWELL_SCHEDULE=${seed} npm run jest -- ${'libs/testing/worker-schedules.spec.ts'}`;
            throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\nAgain: ${again}`, { cause });
          })
          .finally(() => {
            if (ONE !== undefined) process.stdout.write(`${world.steps.join('\n')}\n`);
          });
        for (const what of ['deaths', 'lostLeases', 'deploys', 'strayHints', 'repeats', 'lostAnswers', 'lostCommits', 'undone'] as const)
          seen[what] += report[what];
        if (report.isCanceled) seen.canceled++;
      }
      // A generator that hardly ever does any harm proves nothing.
      const { canceled, undone, ...often } = seen;
      if (ONE === undefined) expect(Math.min(...Object.values(often), canceled * 50, undone * 10)).toBeGreaterThan(COUNT / 4);
    },
    TIMEOUT,
  );
});
