import type { Actor } from '@stepwell/contracts';
import { mayTakeTask, type Sql, type TaskRecord } from '@stepwell/storage';
import { TaskRefusal } from '../task-refusal.js';
import { taskView } from '../task-view.js';

/** @returns the refusal for whom a task is not, or `undefined`; every transition has looked itself, so this only says why */
export async function forOthers(sql: Sql, tenant: string, row: TaskRecord, actor: Actor): Promise<TaskRefusal | undefined> {
  const { assignee, candidate_users: users, candidate_groups: groups } = row;
  if (assignee === null && !users && !groups) return undefined;
  if (await mayTakeTask(sql, tenant, row.id, actor.id)) return undefined;
  const whom = [assignee ?? [], users ?? [], groups?.map((group) => `the group ${group}`) ?? []].flat();
  return new TaskRefusal('TASK_FOR_OTHERS', taskView(row), { whom: [...new Set(whom)].join(', ') });
}
