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
  /** How often its text was changed. */
  readonly edits: number;
  /** How often it was resolved or opened again. */
  readonly settlements: number;
}

/** @param source the table or its alias */
export function commentColumns(source: string): string {
  return 'task_id, id, parent, field, text, author, at, edited_at, resolved_by, resolved_at, edits, settlements'.replaceAll(
    /\w+/g,
    `${source}.$&`,
  );
}

export const COMMENTS_OF_TASKS = statement(
  'comments-of-tasks',
  `SELECT ${commentColumns('c')} FROM task_comments c WHERE c.tenant = $1 AND c.task_id = ANY($2::uuid[]) ORDER BY c.task_id, c.id`,
);

/** Of each task the oldest first. */
export async function commentsOfTasks(sql: Sql, tenant: string, taskIds: readonly string[]): Promise<TaskCommentRow[]> {
  return sql.query<TaskCommentRow>(COMMENTS_OF_TASKS, [tenant, taskIds]);
}

export const COMMENT_OF_KEY = statement(
  'comment-of-key',
  `SELECT ${commentColumns('c')} FROM task_comments c WHERE c.tenant = $1 AND c.task_id = $2 AND c.author ->> 'id' = $3 AND c.key = $4`,
);

/** What this person has said about the task with the key. */
export async function commentOfKey(
  sql: Sql,
  { tenant, taskId, author, key }: { readonly tenant: string; readonly taskId: string; readonly author: string; readonly key: string },
): Promise<TaskCommentRow | undefined> {
  const [row] = await sql.query<TaskCommentRow>(COMMENT_OF_KEY, [tenant, taskId, author, key]);
  return row;
}
