/**
 * Gives a task that waits another place in the inbox, by compare-and-set on the version that was seen.
 *
 * Locks: the task row only. The version stays: nobody may decide who could not before, so whoever works on the task is not disturbed. The
 * same once more changes nothing, and leaves no entry in the history.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export const SET_TASK_PRIORITY = statement(
  'set-task-priority',
  `WITH before AS MATERIALIZED (
     SELECT id, priority FROM tasks WHERE tenant = $1 AND id = $2 AND status IN ('open', 'claimed') AND version = $4 FOR NO KEY UPDATE),
   put AS (
     UPDATE tasks t SET priority = $5::int FROM before b WHERE t.tenant = $1 AND t.id = b.id
     RETURNING ${taskColumns('t')}, b.priority AS was),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'prioritized', $3::jsonb, jsonb_strip_nulls(jsonb_build_object('from', was, 'to', priority, 'reason', $6::text))
     FROM put WHERE was <> priority)
   SELECT * FROM put`,
);

export interface NewPriority {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  readonly expectedVersion: number;
  readonly priority: number;
  readonly reason: string | null;
}

export interface PrioritizedTask extends TaskRecord {
  /** The priority before. */
  readonly was: number;
}

/** @returns `undefined` when there is no such task, it does not wait, or it is of another version */
export async function setTaskPriority(
  sql: Sql,
  { tenant, id, actor, expectedVersion, priority, reason }: NewPriority,
): Promise<PrioritizedTask | undefined> {
  const [row] = await sql.query<PrioritizedTask>(SET_TASK_PRIORITY, [tenant, id, JSON.stringify(actor), expectedVersion, priority, reason]);
  return row;
}
