/**
 * One campaign against the real thing: the strike workflows on their 10,000 records, two worker processes, a database of their own, a
 * reviewer, and somebody who kills. Ends with what the auditor found in the database.
 *
 * Nothing is retried and nothing is forgiven: when the killing stops, everything must come to rest by itself, in bounded time.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { insertRuns, migrate, pgSql, uuidV7 } from '@stepwell/storage';
import { Journal } from '../faults/load/journal.js';
import { audit, type Finding } from './audit.js';
import { Database } from './database.js';
import { type Executions, executionsOf } from './executions.js';
import { type Kill, Nemesis, plan } from './nemesis.js';
import { MixedLoad } from './mixed/mixed-load.js';
import { compileProgram } from './program.js';
import { Random } from './random.js';
import { Reviewer } from './reviewer.js';
import { System } from './system.js';

export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

export interface Outcome {
  readonly seed: number;
  readonly kills: readonly (Omit<Kill, 'takeOver'> & { readonly takeOver: { readonly runs: number; readonly ms: number } | null })[];
  readonly freezes: number;
  readonly backends: number;
  readonly executions: Executions;
  readonly endedByItself: readonly string[];
  readonly stoppedWith: readonly (number | NodeJS.Signals)[];
  readonly decided: number;
  readonly findings: readonly Finding[];
  readonly runs: Readonly<Record<string, number>>;
  readonly seconds: { readonly killing: number; readonly settling: number; readonly all: number };
  /** Traces, logs and data, kept only when something is wrong. */
  readonly folder: string;
}

/** Rows of the FAA export that comes with the example. */
const RECORDS = 10_000;
/** A fifth of the product's lease: the same rules in less time. */
const WORKER = { leaseMs: 3_000, sweepMs: 1_000, maxActive: 100 };
/** About so many tasks are decided; they are spread over the campaign, so that its last kills have something to hit as well. */
const DECISIONS = 540;
/** Without a new fact for so long, it hangs: a letter waits 20 s for an answer that died with its office, and nothing waits longer. */
const STANDSTILL_MS = 60_000;
/** Whatever is going on: five minutes after the last kill it should be over on any machine. */
const SETTLE_LIMIT_MS = 300_000;

export async function runCampaign({ kills, seed, log }: CampaignOptions): Promise<Outcome> {
  const began = performance.now();
  const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;
  const random = new Random(seed);
  const program = await compileProgram(fileURLToPath(new URL('../..', import.meta.url)));
  const database = new Database();
  const system = new System({ program, database, worker: WORKER });
  const journal = new Journal(join(program.folder, 'journal.jsonl'));
  const reviewer = new Reviewer(database, journal);
  try {
    await system.start();
    await migrate(database.url);
    await prepare(database);
    await system.startWorkers();
    log(`Two workers are up after ${seconds(began)} s.`);
    await startPass(database);
    const mixed = new MixedLoad(database, journal);
    await mixed.start();
    reviewer.start();
    const nemesis = new Nemesis(system, database, random, log);
    const killingBegan = performance.now();
    const blows = plan(kills, random);
    await nemesis.run(blows, async (dealt) => {
      await rememberEnded(database);
      reviewer.quota = Math.ceil((DECISIONS * (dealt + 1)) / blows.length);
      await mixed.tellUpTo((dealt + 1) / blows.length);
    });
    await system.allReady();
    const killing = seconds(killingBegan);
    const settlingBegan = performance.now();
    await database.surely('UPDATE schedules SET active = false');
    reviewer.quota = Infinity;
    await mixed.tellUpTo(1);
    await settled(database, reviewer);
    log(`Everything has come to rest ${seconds(settlingBegan)} s after the last kill.`);
    await rememberEnded(database);
    await database.surely('DELETE FROM emitter_cursors');
    await startPass(database);
    await settled(database, reviewer);
    await reviewer.stop();
    const settling = seconds(settlingBegan);
    const stoppedWith = await system.stopWorkers();
    // What the tables hold now is nothing like what they held when they were last looked at; the auditor's joins take minutes without.
    await database.query('ANALYZE');
    const findings = await audit(database.connections, { records: RECORDS, repeatedPasses: 1 }, journal.path);
    return {
      seed,
      kills: await Promise.all(nemesis.kills.map(async (kill) => ({ ...kill, takeOver: await kill.takeOver }))),
      freezes: nemesis.freezes,
      backends: nemesis.backends,
      executions: executionsOf(system.lives),
      endedByItself: system.endedByItself,
      stoppedWith,
      decided: reviewer.decided,
      findings,
      runs: await countRuns(database),
      seconds: { killing, settling, all: seconds(began) },
      folder: program.folder,
    };
  } catch (error) {
    log(`Traces, logs and data are in ${program.folder}.`);
    throw error;
  } finally {
    await reviewer.stop();
    journal.close();
    await system.close();
    await database.close();
  }
}

/** Removes what a campaign has left behind. */
export function tidy({ folder }: Outcome): void {
  rmSync(folder, { recursive: true, force: true });
}

async function prepare(database: Database): Promise<void> {
  await database.query('CREATE SCHEMA crash_test');
  await database.query(
    'CREATE TABLE crash_test.ended (run_id uuid PRIMARY KEY, status text NOT NULL, ended_at timestamptz, last_seq int NOT NULL)',
  );
}

/** What has ended is written down, so that the auditor sees whether it ever changes. */
async function rememberEnded(database: Database): Promise<void> {
  await database.surely(`INSERT INTO crash_test.ended SELECT id, status, ended_at, last_seq FROM runs
    WHERE status IN ('completed', 'failed', 'canceled') ON CONFLICT DO NOTHING`);
}

/** One run of the emitter, beside those of its schedule. */
async function startPass(database: Database): Promise<void> {
  const run = { tenant: 'default', id: uuidV7(), workflow: 'strike-intake', version: 1, queue: 'default', worker: null };
  const why = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, key: null, priority: 0, permitKey: null } as const;
  await insertRuns(pgSql(database.connections), [{ ...run, ...why, input: 'null' }]);
}

/** Waits until nothing can go on but by a person; fails with what is still going when there are no new facts, or for too long. */
async function settled(database: Database, reviewer: Reviewer): Promise<void> {
  const began = performance.now();
  let [facts, lastFactAt] = [0, began];
  for (;;) {
    const going = await database.surely(GOING);
    const undecided = await reviewer.ahead();
    if (going.length === 0 && undecided === 0) return;
    const [sum] = await database.surely<{ facts: number }>('SELECT sum(last_seq)::int AS facts FROM runs');
    const now = performance.now();
    if (sum && sum.facts !== facts) [facts, lastFactAt] = [sum.facts, now];
    if (now - lastFactAt > STANDSTILL_MS || now - began > SETTLE_LIMIT_MS) {
      const quiet = Math.round((now - lastFactAt) / 1000);
      throw new Error(
        `It does not come to rest (last fact ${quiet} s ago); ${undecided} tasks to decide; going on: ${JSON.stringify(going)}`,
      );
    }
    await delay(100);
  }
}

const GOING = /* sql */ `
SELECT workflow || ' ' || status || ' ' || array_to_string(wait_reasons, ',') AS what, count(*)::int AS count, min(id::text) AS one FROM runs
WHERE status IN ('queued', 'running') OR status = 'waiting' AND (wait_reasons <> '{task}'
  -- a decision in its undo window: the run goes on by itself when that is over
  OR EXISTS (SELECT FROM inbox i WHERE i.tenant = runs.tenant AND i.run_id = runs.id)) GROUP BY 1
UNION ALL SELECT 'message to deliver', count(*)::int, min(run_id::text) FROM outbox HAVING count(*) > 0
UNION ALL SELECT 'event to route', count(*)::int, min(id::text) FROM events WHERE NOT routed HAVING count(*) > 0
UNION ALL SELECT 'delivery to decide', count(*)::int, min(event_id::text) FROM event_deliveries WHERE status = 'pending' HAVING count(*) > 0`;

async function countRuns(database: Database): Promise<Record<string, number>> {
  const rows = await database.query<{ what: string; count: number }>(
    "SELECT workflow || ' ' || status AS what, count(*)::int AS count FROM runs GROUP BY 1 ORDER BY 1",
  );
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
}
