/**
 * What people say about a task, as a whole or about a field of its form. Whoever may see a task may comment on it, also when it is decided:
 * the decision's record has what stood then. A comment may be answered, once deep; it is changed by who wrote it, and resolved or opened
 * again by anybody. None is deleted. One that comes with a key of its author's is said once, however often it is sent. Each of it is an entry
 * of the task's history, and live pages are told after the commit.
 */
import { Inject, Injectable } from '@nestjs/common';
import { type Actor, refusedField, StepwellError } from '@stepwell/contracts';
import { ChangeFeed } from '@stepwell/engine';
import {
  type ChangeBounds,
  commentOfKey,
  commentOnTask,
  commentsOfTasks,
  editComment,
  PG_POOL,
  pgSql,
  readPeople,
  readTasks,
  resolveComment,
  type Sql,
  type TaskCommentRow,
  type TaskRecord,
} from '@stepwell/storage';
import pg from 'pg';
import { taskChanged } from '../task-changed.js';
import { checkedId, isUuid } from '../task-id.js';
import { taskNotFound } from '../task-refusal.js';
import { commentKey, commentText, namesIn } from './comment-text.js';
import { isFieldOf } from './form-field.js';

/** Of one task. All of them are a part of the record of its decision, and more are a conversation that belongs elsewhere. */
export const MOST_COMMENTS = 200;
/** Of one comment: texts that its author changed, and, apart, that anybody resolved it or opened it again. Nobody needs so many; a loop would. */
export const MOST_CHANGES = 100;
/** The same of all comments of a task: each is an entry of its history, which is read as a whole. */
export const MOST_CHANGES_OF_TASK = 1_000;
const BOUNDS: ChangeBounds = { each: MOST_CHANGES, all: MOST_CHANGES_OF_TASK };

export interface TaskComment {
  readonly id: string;
  /** The comment that this one answers. */
  readonly parentId: string | null;
  /** Of the form: `parts.0.cost`; null: the task as a whole. */
  readonly field: string | null;
  /** Plain text. */
  readonly text: string;
  readonly author: Actor;
  /** Instants are ISO 8601 in UTC. */
  readonly at: string;
  readonly editedAt: string | null;
  readonly resolvedBy: Actor | null;
  readonly resolvedAt: string | null;
}

interface ByActor {
  readonly tenant: string;
  readonly taskId: string;
  readonly actor: Actor;
}

export interface CommentRequest extends ByActor {
  readonly text: string;
  readonly field: string | null;
  /** The comment to answer; its field is that of the answer. */
  readonly parentId: string | null;
  /** The same person's comment with it, on this task, is said once. */
  readonly idempotencyKey: string | null;
}

interface FoundComment {
  readonly task: TaskRecord;
  readonly row: TaskCommentRow;
  /** All of the task. */
  readonly all: readonly TaskCommentRow[];
}

@Injectable()
export class TaskComments {
  private readonly sql: Sql;

  constructor(
    @Inject(PG_POOL) pool: pg.Pool,
    private readonly changes: ChangeFeed,
  ) {
    this.sql = pgSql(pool);
  }

  /** What was said of each task, oldest first; every task asked for is present. */
  async of(tenant: string, taskIds: readonly string[]): Promise<ReadonlyMap<string, readonly TaskComment[]>> {
    const byTask = new Map<string, TaskComment[]>(taskIds.map((id) => [id, []]));
    for (const row of await commentsOfTasks(this.sql, tenant, taskIds.filter(isUuid))) byTask.get(row.task_id)?.push(comment(row));
    return byTask;
  }

  /**
   * @returns the new comment; or, as it now is, the one that was said with the key before
   * @throws StepwellError INPUT_INVALID (with the field of the request), TASK_NOT_FOUND, COMMENT_NOT_FOUND (of `parentId`), COMMENTS_FULL
   */
  async add({ tenant, taskId, actor, text: written, field, parentId, idempotencyKey }: CommentRequest): Promise<TaskComment> {
    const text = commentText(written);
    const key = commentKey(idempotencyKey);
    const task = await this.task(tenant, taskId);
    if (field !== null && parentId !== null)
      throw refusedField('field', 'An answer is about what its comment is about: leave the field out.');
    if (field !== null && !isFieldOf(task.form, field)) throw refusedField('field', `The form of the task has no field "${field}".`);
    const parent = parentId === null ? null : checkedComment(parentId);
    const mentions = await this.mentioned(tenant, text);
    const row = await commentOnTask(this.sql, { tenant, taskId, actor, parent, field, text, key, mentions, most: MOST_COMMENTS });
    if (!row) {
      const said = key === null ? undefined : await commentOfKey(this.sql, { tenant, taskId, author: actor.id, key });
      if (said) return comment(said);
      throw await this.whyNotAdded(tenant, taskId, parentId);
    }
    taskChanged(this.changes, tenant, task);
    return comment(row);
  }

  /** One's own; the text as it was stays in the history. @throws StepwellError INPUT_INVALID, TASK_NOT_FOUND, COMMENT_NOT_FOUND, COMMENT_OF_ANOTHER, COMMENT_CHANGES_FULL */
  async edit({ tenant, taskId, id, actor, text: written }: ByActor & { readonly id: string; readonly text: string }): Promise<TaskComment> {
    const text = commentText(written);
    const { task, row } = await this.find(tenant, taskId, id);
    if (row.author.id !== actor.id) throw new StepwellError('COMMENT_OF_ANOTHER', { by: row.author.name });
    const known = namesIn(row.text);
    const mentions = (await this.mentioned(tenant, text)).filter((name) => !known.includes(name));
    const edited = await editComment(this.sql, { tenant, taskId, id, actor, text, mentions, most: BOUNDS });
    if (!edited) return this.unchanged(tenant, taskId, id, 'edits', (now) => now.text === text);
    taskChanged(this.changes, tenant, task);
    return comment(edited);
  }

  /** Resolves a comment, or opens it again. @throws StepwellError INPUT_INVALID (of an answer), TASK_NOT_FOUND, COMMENT_NOT_FOUND, and COMMENT_CHANGES_FULL of one to open */
  async resolve({ tenant, taskId, id, actor }: ByActor & { readonly id: string }, isResolved: boolean): Promise<TaskComment> {
    const { task, row } = await this.find(tenant, taskId, id);
    if (row.parent !== null) throw refusedField('id', `It is an answer: resolve the comment that it answers, ${row.parent}.`);
    const settled = await resolveComment(this.sql, { tenant, taskId, id, actor, isResolved, most: BOUNDS });
    if (!settled) return this.unchanged(tenant, taskId, id, 'settlements', ({ resolved_at: at }) => (at !== null) === isResolved);
    taskChanged(this.changes, tenant, task);
    return comment(settled);
  }

  /** @returns the comment, when it is as it was to become, or was for a moment; else it takes no more changes */
  private async unchanged(
    tenant: string,
    taskId: string,
    id: string,
    counted: 'edits' | 'settlements',
    isAsked: (now: TaskCommentRow) => boolean,
  ): Promise<TaskComment> {
    const { row, all } = await this.find(tenant, taskId, id);
    if (isAsked(row)) return comment(row);
    const done = counted === 'edits' ? 'changed' : 'resolved or opened again';
    if (row[counted] >= MOST_CHANGES) throw new StepwellError('COMMENT_CHANGES_FULL', { what: `Comment ${id} was ${done}`, most: MOST_CHANGES }); // prettier-ignore
    if (all.reduce((sum, one) => sum + one[counted], 0) >= MOST_CHANGES_OF_TASK)
      throw new StepwellError('COMMENT_CHANGES_FULL', {
        ...{ what: `The comments of task ${taskId} were ${done}`, most: MOST_CHANGES_OF_TASK },
      });
    return comment(row);
  }

  private async task(tenant: string, id: string): Promise<TaskRecord> {
    const [task] = await readTasks(this.sql, tenant, [checkedId(id)]);
    if (!task) throw taskNotFound(id);
    return task;
  }

  private async find(tenant: string, taskId: string, id: string): Promise<FoundComment> {
    const task = await this.task(tenant, taskId);
    const all = await commentsOfTasks(this.sql, tenant, [taskId]);
    const row = all.find((one) => one.id === id);
    if (!row) throw commentNotFound(id);
    return { task, row, all };
  }

  private async mentioned(tenant: string, text: string): Promise<readonly string[]> {
    const names = namesIn(text);
    return names.length === 0 ? [] : (await readPeople(this.sql, tenant, names)).map(({ name }) => name);
  }

  private async whyNotAdded(tenant: string, taskId: string, parentId: string | null): Promise<StepwellError> {
    const rows = await commentsOfTasks(this.sql, tenant, [taskId]);
    const parent = parentId === null ? undefined : rows.find(({ id }) => id === parentId);
    if (parent?.parent) return refusedField('parentId', `It is an answer itself: answer the comment that it answers, ${parent.parent}.`);
    if (parentId !== null && !parent) return commentNotFound(parentId);
    return rows.length >= MOST_COMMENTS ? new StepwellError('COMMENTS_FULL', { id: taskId, most: MOST_COMMENTS }) : taskNotFound(taskId);
  }
}

function comment({ id, parent, field, text, author, at, edited_at, resolved_by, resolved_at }: TaskCommentRow): TaskComment {
  return {
    ...{ id, parentId: parent, field, text, author, at: at.toISOString(), editedAt: edited_at?.toISOString() ?? null },
    ...{ resolvedBy: resolved_by, resolvedAt: resolved_at?.toISOString() ?? null },
  };
}

function checkedComment(id: string): string {
  if (!isUuid(id)) throw commentNotFound(id);
  return id;
}

function commentNotFound(id: string): StepwellError {
  return new StepwellError('COMMENT_NOT_FOUND', { id });
}
