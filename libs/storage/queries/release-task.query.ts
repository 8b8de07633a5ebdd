/**
 * Gives a claimed task back to the inbox, by compare-and-set on the holder. The draft stays for whoever goes on.
 *
 * Locks: the task row only. The version goes up: others may decide again.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export const RELEASE_TASK = statement(
  'release-task',
  `WITH released AS (
     UPDATE tasks SET status = 'open', claimed_by = NULL, claimed_until = NULL, version = version + 1
     WHERE tenant = $1 AND id = $2 AND status = 'claimed' AND claimed_by ->> 'id' = $3::jsonb ->> 'id'
     RETURNING ${taskColumns('tasks')}),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor) SELECT $1, id, 'released', $3::jsonb FROM released)
   SELECT * FROM released`,
);

/** @returns `undefined` when the actor does not hold the task */
export async function releaseTask(sql: Sql, tenant: string, id: string, actor: Actor): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(RELEASE_TASK, [tenant, id, JSON.stringify(actor)]);
  return row;
}
