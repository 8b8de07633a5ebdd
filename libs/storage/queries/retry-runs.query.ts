/**
 * Starts the runs that retry ended ones, all of them or none: a run, and those of its children that its retry goes on with. Each takes over
 * the first facts of the old journal, with the payloads they refer to, and its own first facts stand behind them.
 *
 * Locks: the ended runs by id, FOR NO KEY UPDATE, so that of two who retry one run the second waits and then finds it retried; then the
 * new rows. An ended run's journal does not change but for late results behind its end, so what is copied was read before, unlocked.
 */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface RetriedRun {
  /** The ended run. */
  readonly id: string;
  /** Of the run that retries it. */
  readonly newId: string;
  /** The run that waits for its end. */
  readonly parent: string | null;
  /** How many facts are taken over. */
  readonly facts: number;
  /** The facts after those. */
  readonly own: readonly OwnFact[];
}

export interface OwnFact {
  readonly type: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly payload: Json;
}

export const RETRY_RUNS = statement(
  'retry-runs',
  `WITH wanted AS (
     SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::int[]) AS w(id, new_id, new_parent, facts, own_facts)),
   locked AS MATERIALIZED (
     SELECT w.new_id, w.new_parent, w.facts, w.facts + w.own_facts AS new_last_seq, r.* FROM (SELECT * FROM wanted ORDER BY id) AS w
     CROSS JOIN LATERAL (
       SELECT r.tenant, r.id, r.status, r.retried_as, r.letter, r.workflow, r.version, r.queue, r.started_by, r.actor, r.cause_event, r.cause_run, r.lineage_root,
         coalesce(r.own_priority, r.priority) AS priority, r.permit_key, r.session
       FROM runs r WHERE r.tenant = $1 AND r.id = w.id
       FOR NO KEY UPDATE) AS r),
   linked AS MATERIALIZED (
     SELECT * FROM locked
     WHERE (SELECT count(*) FROM wanted) = (SELECT count(*) FROM locked
       WHERE status IN ('failed', 'canceled') AND retried_as IS NULL AND letter ->> 'as' IS DISTINCT FROM 'reinjected')),
   marked AS (
     UPDATE runs r SET retried_as = l.new_id FROM linked l WHERE r.tenant = l.tenant AND r.id = l.id),
   inserted AS (
     INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, started_by, actor, cause_event, cause_run, parent_run, lineage_root, retry_of,
       priority, permit_key, session)
     SELECT tenant, new_id, workflow, version, workflow || '@' || version, queue, 'queued', new_last_seq, started_by, actor, cause_event, cause_run, new_parent, lineage_root, id,
       priority, permit_key, session
     FROM linked),
   taken_over AS (
     INSERT INTO journal (tenant, run_id, seq, type, version, path, iteration, attempt, payload, payload_blob, at)
     SELECT l.tenant, l.new_id, j.seq, j.type, j.version, j.path, j.iteration, j.attempt, j.payload, j.payload_blob, j.at
     FROM linked l JOIN journal j ON j.tenant = l.tenant AND j.run_id = l.id AND j.seq <= l.facts),
   payloads AS (
     INSERT INTO blobs (tenant, run_id, hash, data)
     SELECT l.tenant, l.new_id, b.hash, b.data FROM linked l JOIN blobs b ON b.tenant = l.tenant AND b.run_id = l.id),
   own AS (
     INSERT INTO journal (tenant, run_id, seq, type, path, iteration, attempt, payload)
     SELECT l.tenant, l.new_id, f.seq, f.type, f.path, f.iteration, f.attempt, f.payload
     FROM jsonb_to_recordset($7::jsonb) AS f(run_id uuid, seq int, type text, path text, iteration text, attempt int, payload jsonb)
     JOIN linked l ON l.new_id = f.run_id)
   SELECT DISTINCT queue FROM linked`,
);

/**
 * @returns the queues of the new runs; none when one of the ended runs has been retried meanwhile, has not ended, or has another run in its place
 */
export async function retryRuns(sql: Sql, tenant: string, runs: readonly RetriedRun[]): Promise<string[]> {
  const column = <T>(read: (run: RetriedRun) => T): T[] => runs.map(read);
  const own = runs.flatMap((run) => run.own.map((fact, index) => ({ ...fact, run_id: run.newId, seq: run.facts + index + 1 })));
  const rows = await sql.query<{ queue: string }>(RETRY_RUNS, [
    tenant,
    column((run) => run.id),
    column((run) => run.newId),
    column((run) => run.parent),
    column((run) => run.facts),
    column((run) => run.own.length),
    JSON.stringify(own),
  ]);
  return rows.map(({ queue }) => queue);
}
