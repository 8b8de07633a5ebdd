/**
 * Puts a task back for others, by a person who will not decide it now: for this person it comes behind all others, for everybody else it
 * stays where it is. The reason is in the history, the draft stays.
 *
 * Locks: the task row only. Nobody may skip what somebody else holds, or what is for others. The version goes up only when there was a holder: then others may
 * decide again.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { mayTake } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export const SKIP_TASK = statement(
  'skip-task',
  `WITH skipped AS (
     UPDATE tasks
     SET status = 'open', claimed_by = NULL, claimed_until = NULL, version = version + CASE status WHEN 'claimed' THEN 1 ELSE 0 END,
       skipped_by = coalesce(skipped_by, '{}') || jsonb_build_object($3::jsonb ->> 'id', extract(epoch FROM clock_timestamp()))
     WHERE tenant = $1 AND id = $2
       AND (status = 'open' OR status = 'claimed' AND (claimed_by ->> 'id' = $3::jsonb ->> 'id' OR claimed_until <= clock_timestamp()))
       AND (claimed_by ->> 'id' = $3::jsonb ->> 'id' OR ${mayTake('tasks', { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: '$5::bool' })})
     RETURNING ${taskColumns('tasks')}),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'skipped', $3::jsonb, jsonb_build_object('reason', $4::text) FROM skipped)
   SELECT * FROM skipped`,
);

export interface SkippedBy {
  readonly actor: Actor;
  readonly reason: string;
  /** The author of the screen was asked about the actor, and agreed. */
  readonly isAgreed: boolean;
}

/** @returns `undefined` when there is no such task, it is closed, somebody else holds it, or it is not for this person */
export async function skipTask(
  sql: Sql,
  tenant: string,
  id: string,
  { actor, reason, isAgreed }: SkippedBy,
): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(SKIP_TASK, [tenant, id, JSON.stringify(actor), reason, isAgreed]);
  return row;
}
