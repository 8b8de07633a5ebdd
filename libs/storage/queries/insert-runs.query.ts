/**
 * Inserts runs with their first fact, many in one statement; enforces idempotency keys.
 *
 * Locks: the new rows, and for keyed starts the key's row in run_keys: a second start of the same key waits for the first one's commit
 * and then inserts nothing. Callers sort keyed starts by key, so that two batches cannot deadlock.
 * A run may be inserted already leased to the inserting worker (status running, epoch 1), which saves its claim; not one with a permit
 * key, which gets its permit with its claim.
 */
import type { NewRun } from '@stepwell/engine';
import { sparse } from '../sparse.js';
import { type Sql, statement } from '../sql.js';

export const INSERT_RUNS = statement(
  'insert-runs',
  `WITH fresh_keys AS (
     INSERT INTO run_keys (tenant, workflow, key, run_id)
     SELECT n.tenant, n.workflow, n.key, n.id
     FROM unnest($1::text[], $2::uuid[], $3::text[], $11::text[]) AS n(tenant, id, workflow, key)
     WHERE $11::text[] <> '{}' AND n.key IS NOT NULL
     ON CONFLICT DO NOTHING
     RETURNING run_id),
   fresh AS (
     SELECT n.*
     FROM ROWS FROM (unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::uuid[], $7::text[], $8::jsonb[], $9::uuid[], $10::uuid[], $11::text[], $13::int[], $14::text[], $15::text[]),
         jsonb_array_elements($12::jsonb))
       AS n(tenant, id, workflow, version, queue, worker, started_by, actor, cause_event, cause_run, key, priority, permit_key, session, first_payload)
     WHERE n.key IS NULL OR n.id IN (SELECT run_id FROM fresh_keys)),
   inserted AS (
     INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, worker, epoch, last_seq, started_by, actor, cause_event, cause_run, lineage_root, priority, permit_key, session)
     SELECT tenant, id, workflow, version, workflow || '@' || version, queue, CASE WHEN worker IS NULL THEN 'queued' ELSE 'running' END,
       worker, CASE WHEN worker IS NULL THEN 0 ELSE 1 END, 1, started_by, actor, cause_event, cause_run, id, priority, permit_key, session
     FROM fresh),
   first_facts AS (
     INSERT INTO journal (tenant, run_id, seq, type, payload)
     SELECT tenant, id, 1, 'run.started', first_payload FROM fresh)
   SELECT n.id FROM unnest($2::uuid[], $11::text[]) AS n(id, key)
   WHERE $11::text[] <> '{}' AND n.key IS NOT NULL AND n.id NOT IN (SELECT run_id FROM fresh_keys)`,
);

/** @returns the ids that were inserted; the others' keys were used before */
export async function insertRuns(sql: Sql, runs: readonly NewRun[]): Promise<ReadonlySet<string>> {
  const column = <T>(read: (run: NewRun) => T): T[] => runs.map(read);
  const used = await sql.query<{ id: string }>(INSERT_RUNS, [
    column((run) => run.tenant),
    column((run) => run.id),
    column((run) => run.workflow),
    column((run) => run.version),
    column((run) => run.queue),
    sparse(runs, (run) => run.worker),
    column((run) => run.startedBy),
    sparse(runs, (run) => (run.actor ? JSON.stringify(run.actor) : null)),
    sparse(runs, (run) => run.causeEvent),
    sparse(runs, (run) => run.causeRun),
    sparse(runs, (run) => run.key),
    `[${column(firstPayload).join(',')}]`,
    column((run) => run.priority),
    sparse(runs, (run) => run.permitKey),
    sparse(runs, (run) => run.session ?? null),
  ]);
  const inserted = new Set(column((run) => run.id));
  for (const { id } of used) inserted.delete(id);
  return inserted;
}

/** Its input is JSON text already. */
function firstPayload({ input, session }: NewRun): string {
  return session == null ? `{"input":${input}}` : `{"input":${input},"session":${JSON.stringify(session)}}`;
}

export const FIND_RUN_BY_KEY = statement('find-run-by-key', 'SELECT run_id FROM run_keys WHERE tenant = $1 AND workflow = $2 AND key = $3');

/** @returns the run that used this key first, in a statement later than the insert that lost */
export async function findRunByKey(sql: Sql, tenant: string, workflow: string, key: string): Promise<string | undefined> {
  const [row] = await sql.query<{ run_id: string }>(FIND_RUN_BY_KEY, [tenant, workflow, key]);
  return row?.run_id;
}
