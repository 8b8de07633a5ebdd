/**
 * Claims the first free task of the inbox for a person, in one statement.
 *
 * Locks: one task row, FOR NO KEY UPDATE SKIP LOCKED: two people who ask at once get two tasks and neither waits. Free is what is open or
 * whose lease has lapsed. A row that somebody is changing at this moment is passed over, even if it ends up free: the next one will do.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export const CLAIM_NEXT_TASK = statement(
  'claim-next-task',
  `WITH free AS MATERIALIZED (
     SELECT id, CASE status WHEN 'claimed' THEN claimed_by END AS holder FROM tasks
     WHERE tenant = $1 AND status IN ('open', 'claimed') AND (status = 'open' OR claimed_until <= clock_timestamp())
     ORDER BY priority DESC, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED),
   claimed AS (
     UPDATE tasks t
     SET status = 'claimed', claimed_by = $2::jsonb, claimed_until = clock_timestamp() + $3 * interval '1 millisecond', version = t.version + 1
     FROM free f WHERE t.tenant = $1 AND t.id = f.id
     RETURNING ${taskColumns('t')}, f.holder AS taken_from),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'claimed', $2::jsonb, jsonb_strip_nulls(jsonb_build_object('after', $4::uuid, 'takenFrom', taken_from)) FROM claimed)
   SELECT * FROM claimed`,
);

/** @param after the task whose decision asked for the next one: written down, so that a repeat of the request finds it */
export async function claimNextTask(
  sql: Sql,
  tenant: string,
  actor: Actor,
  leaseMs: number,
  after: string,
): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(CLAIM_NEXT_TASK, [tenant, JSON.stringify(actor), leaseMs, after]);
  return row;
}

export const CLAIMED_AFTER = statement(
  'claimed-after',
  `SELECT ${taskColumns('t')} FROM tasks t
   WHERE t.tenant = $1 AND t.status IN ('open', 'claimed') AND t.claimed_by ->> 'id' = $2 AND t.claimed_until > clock_timestamp()
     AND EXISTS (SELECT FROM task_history h WHERE h.tenant = $1 AND h.task_id = t.id AND h.kind = 'claimed' AND h.actor ->> 'id' = $2 AND h.details ->> 'after' = $3)
   ORDER BY t.id LIMIT 1`,
);

/** The task that an earlier request claimed after `after`, while it is still held. Takes no lock. */
export async function claimedAfter(sql: Sql, tenant: string, actorId: string, after: string): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(CLAIMED_AFTER, [tenant, actorId, after]);
  return row;
}
