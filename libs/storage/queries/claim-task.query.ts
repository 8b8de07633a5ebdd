/**
 * Claims a task for a person: a lease, by compare-and-set. Calling it again extends one's own lease.
 *
 * Locks: the task row only. It takes no run row, so it never stands in the way of a flush, and a flush that ends the run (run row, then
 * its tasks) can only wait for it, never the other way round while holding anything.
 * The version goes up when the holder changes, because then somebody else may no longer decide; an extension leaves it, so that the
 * version a page has seen stays good. A lapsed lease belongs to its holder until somebody takes it.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { mayTake } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

const ASKING = { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: '$5::bool' };

export const CLAIM_TASK = statement(
  'claim-task',
  `WITH before AS MATERIALIZED (
     SELECT id, version, CASE status WHEN 'claimed' THEN claimed_by END AS holder FROM tasks
     WHERE tenant = $1 AND id = $2
       AND (status = 'open' OR status = 'claimed' AND (claimed_by ->> 'id' = $3::jsonb ->> 'id' OR claimed_until <= clock_timestamp()))
       AND ${mayTake('tasks', ASKING)}
     FOR NO KEY UPDATE),
   claimed AS (
     UPDATE tasks t
     SET status = 'claimed', claimed_by = $3::jsonb, claimed_until = clock_timestamp() + $4 * interval '1 millisecond',
       version = b.version + CASE WHEN b.holder ->> 'id' = $3::jsonb ->> 'id' THEN 0 ELSE 1 END
     FROM before b WHERE t.tenant = $1 AND t.id = b.id
     RETURNING ${taskColumns('t')}, b.version AS version_before, b.holder AS taken_from),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'claimed', $3::jsonb, CASE WHEN taken_from IS NOT NULL THEN jsonb_build_object('takenFrom', taken_from) END
     FROM claimed WHERE version > version_before)
   SELECT * FROM claimed`,
);

export interface ClaimedTask {
  readonly task: TaskRecord;
  /** False when the actor held it already, and the lease was only extended. */
  readonly isNew: boolean;
}

export interface TaskToClaim {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  readonly leaseMs: number;
  /** The author of the screen was asked about the actor, and agreed. */
  readonly isAgreed: boolean;
}

/** @returns `undefined` when there is no such task, it is closed, somebody else holds it, or it is not for this person */
export async function claimTask(sql: Sql, { tenant, id, actor, leaseMs, isAgreed }: TaskToClaim): Promise<ClaimedTask | undefined> {
  const values = [tenant, id, JSON.stringify(actor), leaseMs, isAgreed];
  const [row] = await sql.query<TaskRecord & { readonly version_before: number }>(CLAIM_TASK, values);
  return row && { task: row, isNew: row.version > row.version_before };
}
