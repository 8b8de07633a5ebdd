/**
 * What one may see of a task that several people answer. While it is blind, so until it is decided, in dispute or over, nobody sees what
 * was answered but who answered it, not even an operator: whoever sees an answer may be asked for the next one, or talk to whoever is.
 * A draft is an answer that is not given yet, and so is what the history says of one. Every way out of the API asks here.
 */
import { isDecidable, type Json } from '@stepwell/contracts';
import { differingFields, type Review, type TaskReviews } from '@stepwell/engine';
import type { TaskHistoryEntry } from '../history/task-history.js';
import type { TaskInShort, TaskView } from '../task-view.js';

/** Everybody's to see. */
export interface ReviewCounts {
  readonly required: number;
  readonly of: number;
  readonly isBlind: boolean;
  readonly isDisputed: boolean;
  readonly settledBy: readonly string[];
  /** How many were given, shown or not. */
  readonly given: number;
}

export interface SeenReviews {
  /** Oldest first. */
  readonly shown: readonly Pick<Review, 'by' | 'at' | 'answer'>[];
  /** In which of the compared fields those that are shown are not all equal. */
  readonly differing: readonly string[];
}

/** As much of a task, whole or in short, as tells whether it is blind. */
export interface MaybeBlind {
  readonly status: TaskView['status'];
  readonly reviews: Pick<TaskReviews, 'isBlind' | 'isDisputed'> | null;
}

export function reviewCounts({ reviews }: Pick<TaskView | TaskInShort, 'reviews'>): ReviewCounts | null {
  if (!reviews) return null;
  const { required, of, isBlind, isDisputed, settledBy, given } = reviews;
  return { ...{ required, of, isBlind, isDisputed, settledBy: settledBy ?? [] }, given: typeof given === 'number' ? given : given.length };
}

export function reviewsSeenBy(task: Pick<TaskView, 'reviews' | 'status'>, viewerId: string): SeenReviews {
  if (!task.reviews) return { shown: [], differing: [] };
  const shown = task.reviews.given
    .filter(({ by }) => by.id === viewerId || !isHidden(task))
    .map(({ by, at, answer }) => ({ by, at, answer }));
  const differing = differingFields(
    task.reviews,
    shown.map(({ answer }) => answer),
  );
  return { shown, differing };
}

export function draftSeenBy({ draft, draftBy, ...task }: MaybeBlind & Pick<TaskView, 'draft' | 'draftBy'>, viewerId: string): Json {
  return isHidden(task) && draftBy?.id !== viewerId ? null : draft;
}

/** That there was an answer or a draft is seen, and whose; what it changed is not, also of one's own: it is told against another's draft. */
export function historyShown(task: MaybeBlind, entries: readonly TaskHistoryEntry[]): readonly TaskHistoryEntry[] {
  return isHidden(task) ? entries.map((entry) => ({ ...entry, changes: [] })) : entries;
}

/** What was answered is nobody's to see yet, but what one answered oneself. */
export function isHidden({ reviews, status }: MaybeBlind): boolean {
  return reviews !== null && reviews.isBlind && !reviews.isDisputed && isDecidable(status);
}
