/**
 * Takes a task from whoever holds it, though the lease has not lapsed. By compare-and-set on the version, which goes up with every change
 * of the holder: who was shown another holder takes nothing. The draft stays, with its author.
 *
 * Locks: the task row only.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { mayTake } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export interface TaskToTakeOver {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  readonly expectedVersion: number;
  readonly reason: string | null;
  readonly leaseMs: number;
  /** The author of the screen was asked about the actor, and agreed. */
  readonly isAgreed: boolean;
}

export const TAKE_OVER_TASK = statement(
  'take-over-task',
  `WITH before AS MATERIALIZED (
     SELECT id, claimed_by FROM tasks
     WHERE tenant = $1 AND id = $2 AND version = $4 AND status = 'claimed' AND claimed_by ->> 'id' <> $3::jsonb ->> 'id'
       AND ${mayTake('tasks', { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: '$7::bool' })}
     FOR NO KEY UPDATE),
   taken AS (
     UPDATE tasks t
     SET claimed_by = $3::jsonb, claimed_until = clock_timestamp() + $6 * interval '1 millisecond', version = t.version + 1
     FROM before b WHERE t.tenant = $1 AND t.id = b.id
     RETURNING ${taskColumns('t')}, b.claimed_by AS taken_from),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'taken-over', $3::jsonb, jsonb_strip_nulls(jsonb_build_object('takenFrom', taken_from, 'reason', $5::text)) FROM taken)
   SELECT * FROM taken`,
);

/** @returns `undefined` when nobody else holds the task, it has another version, or is not for this person */
export async function takeOverTask(
  sql: Sql,
  { tenant, id, actor, expectedVersion, reason, leaseMs, isAgreed }: TaskToTakeOver,
): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(TAKE_OVER_TASK, [
    tenant,
    id,
    JSON.stringify(actor),
    expectedVersion,
    reason,
    leaseMs,
    isAgreed,
  ]);
  return row;
}
