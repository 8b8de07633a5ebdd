/** What people have said about tasks. Takes no lock. */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface TaskCommentRow {
  readonly task_id: string;
  readonly id: string;
  /** The comment that this one answers; that one answers none. */
  readonly parent: string | null;
  /** Of the form: `parts.0.cost`; null: the task as a whole. */
  readonly field: string | null;
  readonly text: string;
  readonly author: Actor;
  readonly at: Date;
  readonly edited_at: Date | null;
  readonly resolved_by: Actor | null;
  readonly resolved_at: Date | null;
}

/** @param source the table or its alias */
export function commentColumns(source: string): string {
  return 'task_id, id, parent, field, text, author, at, edited_at, resolved_by, resolved_at'.replaceAll(/\w+/g, `${source}.$&`);
}

export const COMMENTS_OF_TASKS = statement(
  'comments-of-tasks',
  `SELECT ${commentColumns('c')} FROM task_comments c WHERE c.tenant = $1 AND c.task_id = ANY($2::uuid[]) ORDER BY c.task_id, c.id`,
);

/** Of each task the oldest first. */
export async function commentsOfTasks(sql: Sql, tenant: string, taskIds: readonly string[]): Promise<TaskCommentRow[]> {
  return sql.query<TaskCommentRow>(COMMENTS_OF_TASKS, [tenant, taskIds]);
}
