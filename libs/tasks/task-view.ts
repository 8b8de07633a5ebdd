import type { Actor, Json, TaskStatus } from '@stepwell/contracts';
import type { TaskReviews } from '@stepwell/engine';
import type { TaskSuggestion } from '@stepwell/sdk';
import type { AgreedField, ReviewsInShort, TaskInShortRecord, TaskRecord } from '@stepwell/storage';

/**
 * A task as people see it in a list: without what may be megabytes. A claim that has lapsed reads as open and unclaimed. Instants are
 * ISO 8601 in UTC.
 */
export interface TaskInShort {
  readonly id: string;
  readonly runId: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  /** The screen's node in the graph. */
  readonly path: string;
  readonly iteration: string;
  readonly screen: string;
  readonly title: string;
  readonly subject: string;
  readonly instructions: string | null;
  readonly status: TaskStatus;
  /** Send it with a decision. Goes up when others may decide who could not, or the other way round. */
  readonly version: number;
  readonly priority: number;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly endedAt: string | null;
  /** When it should be looked at again. */
  readonly followUpAt: string | null;
  /** Who has it: the name that they sign in with. */
  readonly assignee: string | null;
  /** Whom the assignee stands in for. */
  readonly assignedFor: string | null;
  readonly candidateUsers: readonly string[];
  readonly candidateGroups: readonly string[];
  readonly claimedBy: Actor | null;
  readonly claimedUntil: string | null;
  readonly draftVersion: number;
  readonly draftBy: Actor | null;
  /** Who completed or canceled it; null while it is open, and when its run ended without a decision. */
  readonly decidedBy: Actor | null;
  /** Of a task that several people answer. */
  readonly reviews: ReviewsInShort | null;
  /** Until then whoever decided may take it back, and the run is not told. Null: not at all. */
  readonly undoUntil: string | null;
}

/** The whole task. */
export interface TaskView extends Omit<TaskInShort, 'reviews'> {
  readonly props: Json;
  readonly form: Json;
  /** What filled the form when the task opened; null: nothing. */
  readonly suggestion: TaskSuggestion | null;
  readonly draft: Json | null;
  readonly answer: Json | null;
  /** What the decision made of the suggestion, by field; null: there is no decision of a person, or there was no suggestion. */
  readonly agreement: readonly AgreedField[] | null;
  /** Of a task that several people answer, with all that was answered: for whoever is to see it, see `reviews/what-one-sees.ts`. */
  readonly reviews: TaskReviews | null;
}

export function taskView(row: TaskRecord): TaskView {
  const { reviews, props, form, suggestion, draft, answer, agreement } = row;
  return { ...withoutReviews(row), reviews, props, form, suggestion, draft, answer, agreement };
}

export function taskInShort(row: TaskInShortRecord): TaskInShort {
  return { ...withoutReviews(row), reviews: row.reviews };
}

function withoutReviews(row: Omit<TaskInShortRecord, 'reviews'>): Omit<TaskInShort, 'reviews'> {
  return {
    id: row.id,
    runId: row.run_id,
    workflow: row.workflow,
    workflowVersion: row.workflow_version,
    path: row.path,
    iteration: row.iteration,
    screen: row.screen,
    title: row.title,
    subject: row.subject,
    instructions: row.instructions,
    status: row.status,
    version: row.version,
    priority: row.priority,
    openedAt: row.opened_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    followUpAt: row.follow_up_at?.toISOString() ?? null,
    assignee: row.assignee,
    assignedFor: row.assigned_for === row.assignee ? null : row.assigned_for,
    candidateUsers: row.candidate_users ?? [],
    candidateGroups: row.candidate_groups ?? [],
    claimedBy: row.claimed_by,
    claimedUntil: row.claimed_until?.toISOString() ?? null,
    draftVersion: row.draft_version,
    draftBy: row.draft_by,
    decidedBy: row.decided_by,
    undoUntil: row.undo_until?.toISOString() ?? null,
  };
}
