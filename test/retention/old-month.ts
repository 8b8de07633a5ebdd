/**
 * A month that is old: the real one, looked at from a day that is far ahead. So runs and ids are as they always are, and only the
 * retention believes that time has passed.
 */
import type { NewRun, RunCommit } from '@stepwell/engine';
import { type AtStep, insertRuns, pgSql, type RetentionRequest, uuidV7 } from '@stepwell/storage';
import type pg from 'pg';

export const DAY_MS = 86_400_000;
export const TENANT = 'default';
export const WORKER = '00000000-0000-4000-8000-000000000001';

/**
 * Some four months ahead, with a retention of sixty days: the present month and the one before it are over since longer than that, the
 * next one is not.
 */
export function farAhead(moreDays = 0): RetentionRequest {
  const today = new Date();
  const now = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 3, 21);
  return { now: now + moreDays * DAY_MS, keepMs: 60 * DAY_MS };
}

/** As if every month had been noticed long ago. */
export async function noticed(pool: pg.Pool): Promise<void> {
  await pool.query(
    `INSERT INTO retention (part, month, noticed_at, state, total, kept, reason, decided_at)
     SELECT part, date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date + make_interval(months => m), '2000-01-01', 'noticed', 0, 0, '', '2000-01-01'
     FROM unnest(ARRAY['runs', 'tasks', 'events', 'audit']) part, generate_series(-2, 3) m
     ON CONFLICT (part, month) DO UPDATE SET noticed_at = excluded.noticed_at, state = 'noticed'`,
  );
}

/** Inserts runs with a fact each; with `worker` they are running, leased to it with epoch 1. */
export async function makeRuns(pool: pg.Pool, count: number, more: Partial<NewRun> = {}): Promise<string[]> {
  const runs = Array.from({ length: count }, (): NewRun => ({
    ...{ tenant: TENANT, id: uuidV7(), workflow: 'orders', version: 1, queue: 'default', worker: null, startedBy: 'api', actor: null },
    ...{ causeEvent: null, causeRun: null, key: null, input: '{"order":1}', priority: 0, permitKey: null, ...more },
  }));
  await insertRuns(pgSql(pool), runs);
  return runs.map(({ id }) => id);
}

/** Runs that have ended just now, with a task each that was decided. */
export async function makeEnded(pool: pg.Pool, count: number): Promise<string[]> {
  const ids = await makeRuns(pool, count);
  await pool.query(`UPDATE runs SET status = 'completed', ended_at = clock_timestamp() WHERE id = ANY($1)`, [ids]);
  await pool.query(
    `WITH task AS (
       INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form, status)
       SELECT $2, new_id(), id, 'ask', '', 'orders', 1, 'ask', 'Ask', 'Ask', '{}', 'completed' FROM unnest($1::uuid[]) AS id RETURNING tenant, id)
     INSERT INTO task_history (tenant, task_id, kind) SELECT tenant, id, 'opened' FROM task`,
    [ids, TENANT],
  );
  return ids;
}

/** Names of the partitions of a table that hold ids of now. */
export async function partitionNow(pool: pg.Pool, table: string): Promise<string | null> {
  const { rows } = await pool.query<{ name: string | null }>(
    `SELECT to_regclass($1 || to_char(clock_timestamp() AT TIME ZONE 'UTC', '_YYYYMM'))::text AS name`,
    [table],
  );
  return rows[0]?.name ?? null;
}

/** The month in which the runs are that were made. */
export const isOfNow = ({ part, name }: Parameters<AtStep>[1]): boolean =>
  part.name === 'runs' && new Date().toISOString().startsWith(name);

/** What the owner of a run with epoch 1 commits after its first fact. */
export function commitOf(runId: string, lastSeq = 1): RunCommit {
  const fact = { type: 'step.completed', path: 'step', iteration: '', attempt: 1, payload: '{"output":1}' };
  return {
    ...{ tenant: TENANT, runId, epoch: 1, lastSeq, attention: 0, facts: [fact], intent: { kind: 'continue' }, cancelRequested: false },
    ...{
      consumed: [],
      tasks: [],
      events: [],
      dispatches: [],
      waits: [],
      settled: [],
      children: [],
      messages: [],
      workflow: 'orders',
      version: 1,
    },
  };
}

/** Until a statement waits for the lock of a table. */
export async function untilBlocked(pool: pg.Pool): Promise<void> {
  for (let waits = false; !waits;) {
    const { rows } = await pool.query<{ waits: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS waits`,
    );
    waits = rows[0]?.waits ?? false;
  }
}
