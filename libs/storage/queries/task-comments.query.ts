/**
 * What people say about a task: a new comment, another text of one's own, resolved or open again. Each is a line in the task's history,
 * which keeps the text as it was before. The key of a comment is its author's: with it he says it once. A task takes so many comments, and
 * so many changes of them; of those who come at once to the last place of a task, each may get one.
 *
 * Locks: a new row, or one row of `task_comments` for one statement; the task is read and not locked, so nobody who decides waits for who
 * speaks, nor the other way round. Of two who say something with one key, the second waits for the first's commit, and adds nothing.
 */
import type { Actor } from '@stepwell/contracts';
import { commentColumns, type TaskCommentRow } from '../reads/task-comments.read.js';
import { type Sql, statement } from '../sql.js';

interface OfTask {
  readonly tenant: string;
  readonly taskId: string;
  readonly actor: Actor;
}

export interface NewComment extends OfTask {
  /** The comment that it answers, and from which it has its field. */
  readonly parent: string | null;
  readonly field: string | null;
  readonly text: string;
  /** Null: whatever is said is new. */
  readonly key: string | null;
  /** Names of people. */
  readonly mentions: readonly string[];
  /** A task takes so many. */
  readonly most: number;
}

export const COMMENT_ON_TASK = statement(
  'comment-on-task',
  `WITH said AS (
     INSERT INTO task_comments AS c (tenant, task_id, parent, field, text, author, key)
     SELECT t.tenant, t.id, p.id, coalesce(p.field, $4), $5, $6::jsonb, $9
     FROM tasks t LEFT JOIN task_comments p ON p.tenant = t.tenant AND p.task_id = t.id AND p.id = $3 AND p.parent IS NULL
     WHERE t.tenant = $1 AND t.id = $2 AND ($3::uuid IS NULL OR p.id IS NOT NULL)
       AND (SELECT count(*) FROM task_comments o WHERE o.tenant = $1 AND o.task_id = $2) < $8
     ON CONFLICT DO NOTHING
     RETURNING ${commentColumns('c')}),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, task_id, 'commented', author,
       jsonb_strip_nulls(jsonb_build_object('comment', id, 'answers', parent, 'field', field, 'text', text, 'mentions', $7::jsonb)) FROM said)
   SELECT * FROM said`,
);

/** @returns `undefined` when there is no such task, the comment to answer is none or an answer itself, the key was used, or the task has its most */
export async function commentOnTask(
  sql: Sql,
  { tenant, taskId, parent, field, text, actor, mentions, most, key }: NewComment,
): Promise<TaskCommentRow | undefined> {
  const said = mentions.length > 0 ? JSON.stringify(mentions) : null;
  const [row] = await sql.query<TaskCommentRow>(COMMENT_ON_TASK, [
    ...[tenant, taskId, parent, field, text, JSON.stringify(actor)],
    ...[said, most, key],
  ]);
  return row;
}

/** How often the text of a comment may be changed, or it be resolved and opened again; and all comments of its task. */
export interface ChangeBounds {
  readonly each: number;
  readonly all: number;
}

/** The last place may be given to several who come at once. @param each and `all`: parameters of the statement */
function hasRoom(counted: 'edits' | 'settlements', each: string, all: string): string {
  return `c.${counted} < ${each} AND (SELECT sum(o.${counted}) FROM task_comments o WHERE o.tenant = $1 AND o.task_id = $2) < ${all}`;
}

export interface EditedComment extends OfTask {
  readonly id: string;
  readonly text: string;
  /** Names of people that the text did not name before. */
  readonly mentions: readonly string[];
  readonly most: ChangeBounds;
}

export const EDIT_COMMENT = statement(
  'edit-comment',
  `WITH before AS MATERIALIZED (
     SELECT id, text FROM task_comments WHERE tenant = $1 AND task_id = $2 AND id = $3 AND author ->> 'id' = $5::jsonb ->> 'id' FOR NO KEY UPDATE),
   edited AS (
     UPDATE task_comments c SET text = $4, edited_at = clock_timestamp(), edits = c.edits + 1
     FROM before b WHERE c.tenant = $1 AND c.task_id = $2 AND c.id = b.id AND b.text <> $4 AND ${hasRoom('edits', '$7', '$8')}
     RETURNING ${commentColumns('c')}, b.text AS last_text),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, task_id, 'comment-edited', $5::jsonb,
       jsonb_strip_nulls(jsonb_build_object('comment', id, 'field', field, 'before', last_text, 'text', text, 'mentions', $6::jsonb)) FROM edited)
   SELECT * FROM edited`,
);

/** @returns `undefined` when there is none of this person, it says so already, or it or its task takes no more changes */
export async function editComment(
  sql: Sql,
  { tenant, taskId, id, text, actor, mentions, most: { each, all } }: EditedComment,
): Promise<TaskCommentRow | undefined> {
  const said = mentions.length > 0 ? JSON.stringify(mentions) : null;
  const [row] = await sql.query<TaskCommentRow>(EDIT_COMMENT, [tenant, taskId, id, text, JSON.stringify(actor), said, each, all]);
  return row;
}

// Only to open one again takes room: what is open can always be resolved, and no comment stays open for want of a place.
export const RESOLVE_COMMENT = statement(
  'resolve-comment',
  `WITH settled AS (
     UPDATE task_comments c
     SET resolved_by = CASE WHEN $5::bool THEN $4::jsonb END, resolved_at = CASE WHEN $5::bool THEN clock_timestamp() END,
       settlements = c.settlements + 1
     WHERE c.tenant = $1 AND c.task_id = $2 AND c.id = $3 AND c.parent IS NULL AND (c.resolved_at IS NOT NULL) <> $5::bool AND ($5::bool OR ${hasRoom('settlements', '$6', '$7')})
     RETURNING ${commentColumns('c')}),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, task_id, CASE WHEN $5::bool THEN 'comment-resolved' ELSE 'comment-reopened' END, $4::jsonb,
       jsonb_strip_nulls(jsonb_build_object('comment', id, 'field', field, 'text', text)) FROM settled)
   SELECT * FROM settled`,
);

export interface SettledComment extends OfTask {
  readonly id: string;
  readonly isResolved: boolean;
  readonly most: ChangeBounds;
}

/** @returns `undefined` when there is none, it answers another one, it is so already, or is to be opened and it or its task takes no more of that */
export async function resolveComment(
  sql: Sql,
  { tenant, taskId, id, actor, isResolved, most: { each, all } }: SettledComment,
): Promise<TaskCommentRow | undefined> {
  const [row] = await sql.query<TaskCommentRow>(RESOLVE_COMMENT, [tenant, taskId, id, JSON.stringify(actor), isResolved, each, all]);
  return row;
}
