/** A hundred thousand timers that ring at one instant, while workers are killed: each run goes on, once, and none is forgotten. */
import { setTimeout as delay } from 'node:timers/promises';
import { insertRuns, pgSql, uuidV7 } from '@stepwell/storage';
import type { Database } from '../crash/database.js';
import { type HouseOptions, inHouse } from './house.js';
import { lookFor } from './look-for.js';
import { comeToRest } from './rest.js';
import { timersShortcomings } from './timers-verdict.js';

export interface TimersOutcome {
  readonly timers: number;
  readonly kills: number;
  /** Milliseconds from the instant until half of the runs, and until all, had ended. */
  readonly half: number;
  readonly all: number;
  readonly violations: readonly string[];
  readonly folder: string;
}

const AT_A_TIME = 1_000;
/** Until all are waiting; what is not by then waits for nothing, and the campaign shows nothing. */
const LEAD_MS_PER_RUN = 4;
const LEAST_LEAD_MS = 20_000;

export function runTimers(timers: number, options: Omit<HouseOptions, 'minutes' | 'only'>): Promise<TimersOutcome> {
  const { log } = options;
  return inHouse(
    { ...options, minutes: timers / 10_000, only: ['kill'] },
    async ({ folder, database, system, nemesis, endedByThemselves }) => {
      const at = new Date(Date.now() + LEAST_LEAD_MS + LEAD_MS_PER_RUN * timers);
      await insert(database, timers, at);
      log(`${timers} runs were started, to go on at ${at.toISOString()}.`);
      const waiting = await waitForAll(database, timers, at);
      log(`${waiting} of them wait.`);
      await delay(at.getTime() - Date.now());
      await nemesis.run(20_000, () => true);
      // A process that begins has its schedules go on, so it comes to rest when all are there.
      await system.allReady();
      const restless = await comeToRest(database, log);
      const [late] = await database.surely<{ half: number; all: number }>(
        `SELECT extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY ended_at) - $1::timestamptz)::float * 1000 AS half,
         extract(epoch FROM max(ended_at) - $1::timestamptz)::float * 1000 AS all FROM runs WHERE workflow = 'timed'`,
        [at.toISOString()],
      );
      const { violations } = await lookFor(database, [{ sentence: 'each timer rang once', sql: RANG }], { isAtRest: true });
      return {
        timers,
        kills: nemesis.kills,
        half: Math.round(late?.half ?? 0),
        all: Math.round(late?.all ?? 0),
        violations: [
          ...(restless === undefined ? [] : [restless]),
          ...violations,
          ...timersShortcomings({
            ...{ timers, waiting, endedByThemselves, killedAt: nemesis.done.at('kill').map((moment) => performance.timeOrigin + moment) },
            ...{ instant: at.getTime(), lastEndedAt: at.getTime() + (late?.all ?? 0) },
          }),
        ],
        folder,
      };
    },
  );
}

const RANG = `SELECT r.id, r.status FROM runs r WHERE r.workflow = 'timed' AND (r.status <> 'completed'
  OR (SELECT count(*) FROM journal j WHERE j.run_id = r.id AND j.type = 'wait.completed') <> 1)`;

async function insert(database: Database, timers: number, at: Date): Promise<void> {
  const run = { tenant: 'default', workflow: 'timed', version: 1, queue: 'default', worker: null, startedBy: 'api' } as const;
  const about = { actor: null, causeEvent: null, causeRun: null, key: null, priority: 0, permitKey: null };
  for (let from = 0; from < timers; from += AT_A_TIME) {
    const runs = Array.from({ length: Math.min(AT_A_TIME, timers - from) }, (_, index) => ({
      ...{ ...run, ...about, id: uuidV7() },
      input: JSON.stringify({ op: from + index, weight: 1, at }),
    }));
    await insertRuns(pgSql(database.connections), runs);
  }
}

/** @returns how many waited at once, as far as it was seen before the instant */
async function waitForAll(database: Database, timers: number, at: Date): Promise<number> {
  for (let seen = 0; ; await delay(500)) {
    const waiting = await countOf(database, "status = 'waiting'");
    if (Date.now() >= at.getTime()) return seen;
    seen = waiting;
    if (seen === timers) return seen;
  }
}

async function countOf(database: Database, condition: string): Promise<number> {
  const [row] = await database.surely<{ n: number }>(`SELECT count(*)::int AS n FROM runs WHERE workflow = 'timed' AND ${condition}`);
  return row?.n ?? 0;
}
