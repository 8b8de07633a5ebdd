/**
 * Reads tasks and their history. Takes no lock.
 *
 * An expired claim reads as open and unclaimed, by the database's clock: nobody has to come by and sweep it. `holder` is who claimed it
 * last, expired or not: as long as nobody else has taken the task, that person may go on.
 */
import type { Actor, Json, TaskStatus } from '@stepwell/contracts';
import type { TaskReviews } from '@stepwell/engine';
import type { TaskSuggestion } from '@stepwell/sdk';
import { type Sql, statement } from '../sql.js';

/**
 * What a decision made of a field of the suggestion.
 * accepted   the suggested value was answered
 * changed    another one was
 * added      a value was answered where none was suggested
 * cleared    none was answered where one was suggested
 */
export interface AgreedField {
  /** From the root of the answer: `parts.0.cost`. */
  readonly path: string;
  readonly outcome: 'accepted' | 'changed' | 'added' | 'cleared';
  /** What was suggested, when it was changed or cleared. */
  readonly from?: Json;
  /** Of the suggestion, from 0 to 1; absent: nobody said. */
  readonly confidence?: number;
}

/** A task without what may be megabytes: what a list needs of each. */
export interface TaskInShortRecord {
  readonly id: string;
  readonly run_id: string;
  readonly path: string;
  readonly iteration: string;
  readonly workflow: string;
  readonly workflow_version: number;
  readonly screen: string;
  readonly title: string;
  readonly subject: string;
  readonly instructions: string | null;
  readonly status: TaskStatus;
  readonly version: number;
  readonly priority: number;
  readonly due_at: Date | null;
  readonly follow_up_at: Date | null;
  readonly assignee: string | null;
  /** Who was named as assignee; another one than the assignee while that person is away. */
  readonly assigned_for: string | null;
  readonly candidate_users: readonly string[] | null;
  readonly candidate_groups: readonly string[] | null;
  /** Who may not have it, by id: whoever has started what is to be decided, say. */
  readonly excluded: readonly string[] | null;
  /** Its screen has a `mayDecide`. */
  readonly asks_author: boolean;
  /** Of a task that several people answer: how, and how many of them have. */
  readonly reviews: ReviewsInShort | null;
  readonly claimed_by: Actor | null;
  readonly claimed_until: Date | null;
  readonly holder: string | null;
  readonly draft_by: Actor | null;
  readonly draft_version: number;
  readonly decided_by: Actor | null;
  /** How long a decision can be taken back; until when this one can. */
  readonly undo_ms: number | null;
  readonly undo_until: Date | null;
  readonly idempotency_key: string | null;
  readonly opened_at: Date;
  readonly ended_at: Date | null;
}

export interface ReviewsInShort extends Omit<TaskReviews, 'given'> {
  /** How many. */
  readonly given: number;
}

export interface TaskRecord extends Omit<TaskInShortRecord, 'reviews'> {
  /** Of a task that several people answer: how, and what they have answered. */
  readonly reviews: TaskReviews | null;
  readonly props: Json;
  readonly form: Json;
  /** What filled the form when it opened. */
  readonly suggestion: TaskSuggestion | null;
  readonly draft: Json | null;
  readonly answer: Json | null;
  /** What the decision made of the suggestion, by field. */
  readonly agreement: readonly AgreedField[] | null;
}

/** What every statement about one task returns, so that each answer is the whole task. `source` is the table or its alias. */
export function taskColumns(source: string): string {
  return `${columnsInShort(source)}, ${plain(source, 'reviews, props, form, suggestion, draft, answer, agreement')}`;
}

/** What lists return, of which a page may have a hundred rows. */
export function taskInShortColumns(source: string): string {
  return `${columnsInShort(source)}, jsonb_set(${source}.reviews, '{given}', to_jsonb(jsonb_array_length(${source}.reviews -> 'given'))) AS reviews`;
}

function columnsInShort(source: string): string {
  const lapsed = `${source}.claimed_until <= clock_timestamp()`;
  return `${plain(source, 'id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, instructions, version, priority, due_at, follow_up_at, assignee, assigned_for, candidate_users, candidate_groups, excluded, asks_author')},
    CASE WHEN ${source}.status = 'claimed' AND ${lapsed} THEN 'open' ELSE ${source}.status END AS status,
    CASE WHEN ${lapsed} THEN NULL ELSE ${source}.claimed_by END AS claimed_by, CASE WHEN ${lapsed} THEN NULL ELSE ${source}.claimed_until END AS claimed_until,
    ${source}.claimed_by ->> 'id' AS holder,
    ${plain(source, 'draft_by, draft_version, decided_by, undo_ms, undo_until, idempotency_key, opened_at, ended_at')}`;
}

function plain(source: string, names: string): string {
  return names.replaceAll(/\w+/g, `${source}.$&`);
}

export const READ_TASKS = statement('read-tasks', `SELECT ${taskColumns('t')} FROM tasks t WHERE t.tenant = $1 AND t.id = ANY($2::uuid[])`);

export async function readTasks(sql: Sql, tenant: string, ids: readonly string[]): Promise<TaskRecord[]> {
  return sql.query<TaskRecord>(READ_TASKS, [tenant, ids]);
}

export const TASKS_OF_RUNS = statement(
  'tasks-of-runs',
  `SELECT ${taskInShortColumns('t')} FROM tasks t WHERE t.tenant = $1 AND t.run_id = ANY($2::uuid[]) ORDER BY t.id`,
);

/** The tasks of each run, oldest first. */
export async function tasksOfRuns(sql: Sql, tenant: string, runIds: readonly string[]): Promise<TaskInShortRecord[]> {
  return sql.query<TaskInShortRecord>(TASKS_OF_RUNS, [tenant, runIds]);
}

export type TaskHistoryKind =
  | 'opened'
  | 'claimed'
  | 'lapsed'
  | 'drafted'
  | 'taken-over'
  | 'reassigned'
  | 'delegated'
  | 'escalated'
  | 'expired'
  | 'released'
  | 'skipped'
  | 'reviewed'
  | 'prioritized'
  | 'undone'
  | 'commented'
  | 'comment-edited'
  | 'comment-resolved'
  | 'comment-reopened'
  | 'completed'
  | 'canceled';

export interface TaskHistoryRow {
  readonly task_id: string;
  readonly id: string;
  readonly kind: TaskHistoryKind;
  readonly actor: Actor | null;
  readonly details: Json | null;
  readonly at: Date;
  /** Of a decision: the draft that it was made on, and the answer. Of one that was taken back: the answer. */
  readonly record: { readonly draft: Json | null; readonly answer: Json | null } | null;
  /** Of an entry about a draft: the draft as it now is. */
  readonly draft_now: Json | null;
  /** Of an entry about a draft or a decision: what the form began with. */
  readonly suggested: Json | null;
}

// Nobody writes that a claim has lapsed: it does by itself, and is told until somebody takes the task.
export const TASK_HISTORY = statement(
  'task-history',
  `SELECT h.task_id, h.id, h.kind, h.actor, h.details, h.at,
     CASE WHEN d.record IS NOT NULL THEN jsonb_build_object('draft', d.record -> 'draft', 'answer', d.record -> 'answer') END AS record,
     CASE h.kind WHEN 'drafted' THEN (SELECT t.draft FROM tasks t WHERE t.tenant = $1 AND t.id = h.task_id) END AS draft_now,
     CASE WHEN h.kind IN ('drafted', 'reviewed', 'completed') THEN (SELECT t.suggestion -> 'values' FROM tasks t WHERE t.tenant = $1 AND t.id = h.task_id) END AS suggested
   FROM task_history h LEFT JOIN decisions d ON d.tenant = $1 AND d.task_id = h.task_id AND d.id = h.id
   WHERE h.tenant = $1 AND h.task_id = ANY($2::uuid[])
   UNION ALL
   SELECT t.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'lapsed', t.claimed_by, NULL, t.claimed_until, NULL, NULL, NULL
   FROM tasks t WHERE t.tenant = $1 AND t.id = ANY($2::uuid[]) AND t.status = 'claimed' AND t.claimed_until <= clock_timestamp()
   ORDER BY 1, 2`,
);

/** What happened to each task, oldest first. */
export async function taskHistory(sql: Sql, tenant: string, taskIds: readonly string[]): Promise<TaskHistoryRow[]> {
  return sql.query<TaskHistoryRow>(TASK_HISTORY, [tenant, taskIds]);
}
