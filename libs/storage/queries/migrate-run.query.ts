/**
 * Takes a run that nobody is at work on to another version of its workflow, or back: its fact, its version, and the places of its open tasks,
 * at once. Whoever does it owns the run for this instant: the epoch goes up, as with every claim, so an owner that was thought dead is fenced.
 *
 * Locks: the run row, then its tasks: the lock order. Under the lock the run must be as it was when its journal was read (status, version,
 * last_seq); else nothing is done, and the caller looks again. Messages in the inbox name tasks, waits and children by id and stay as they
 * are; while there is one that names a place in the graph, or a decision that can be taken back, the run is not touched.
 */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { needsLike } from '../suspicion.js';

export interface MigratedRun {
  readonly tenant: string;
  readonly id: string;
  /** As it was read. */
  readonly from: number;
  readonly lastSeq: number;
  readonly to: number;
  readonly fact: { readonly type: string; readonly payload: Json };
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Tasks and waits for events, by id. */
  readonly closes: readonly string[];
}

/** What they say is of a node by its path. */
const BY_PLACE = `('dispatch.ended', 'incident.opened', 'incident.retried', 'incident.resolved', 'evaluation.crashed', 'nodes.injected')`;

export const MIGRATE_RUN = statement(
  'migrate-run',
  `WITH target AS MATERIALIZED (
     UPDATE runs r
     SET version = $5, needs = ${needsLike('r', "r.workflow || '@' || $5::int")}, epoch = epoch + 1, last_seq = last_seq + 1, attention = attention + 1,
       status = CASE status WHEN 'paused' THEN 'paused' ELSE 'queued' END
     WHERE tenant = $1 AND id = $2 AND status IN ('queued', 'waiting', 'paused') AND version = $3 AND last_seq = $4
       AND NOT EXISTS (SELECT FROM inbox i WHERE i.tenant = r.tenant AND i.run_id = r.id AND (i.kind IN ${BY_PLACE} OR i.held_until > clock_timestamp()))
     RETURNING tenant, id, queue, last_seq),
   fact AS (
     INSERT INTO journal (tenant, run_id, seq, type, payload)
     SELECT tenant, id, last_seq, $6, $7::jsonb FROM target),
   placed AS (
     UPDATE tasks t SET path = coalesce(m.new_path, t.path), workflow_version = $5
     FROM target x, tasks o LEFT JOIN unnest($8::text[], $9::text[]) AS m(old_path, new_path) ON m.old_path = o.path
     WHERE o.tenant = x.tenant AND o.run_id = x.id AND o.status IN ('open', 'claimed') AND o.id <> ALL($10::uuid[])
       AND t.tenant = o.tenant AND t.id = o.id),
   closed AS (
     UPDATE tasks t SET status = 'canceled', version = t.version + 1, claimed_by = NULL, claimed_until = NULL, ended_at = clock_timestamp()
     FROM target x
     WHERE t.tenant = x.tenant AND t.run_id = x.id AND t.id = ANY($10::uuid[]) AND t.status IN ('open', 'claimed')
     RETURNING t.tenant, t.id),
   closed_history AS (
     INSERT INTO task_history (tenant, task_id, kind) SELECT tenant, id, 'canceled' FROM closed),
   unheard AS (
     DELETE FROM event_waits w USING target x WHERE w.tenant = x.tenant AND w.run_id = x.id AND w.id = ANY($10::uuid[]))
   SELECT queue FROM target`,
);

/** @returns its queue; undefined when the run is not as it was read */
export async function migrateRun(
  sql: Sql,
  { tenant, id, from, lastSeq, to, fact, moved, closes }: MigratedRun,
): Promise<string | undefined> {
  const [row] = await sql.query<{ queue: string }>(MIGRATE_RUN, [
    ...[tenant, id, from, lastSeq, to, fact.type, JSON.stringify(fact.payload)],
    ...[moved.map((one) => one.from), moved.map((one) => one.to), closes],
  ]);
  return row?.queue;
}
