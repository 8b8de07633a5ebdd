// Comments as they are read: each with its answers, the oldest first.
import type { TaskComment } from './comments.query.js';

export interface CommentThread {
  readonly comment: TaskComment;
  readonly answers: readonly TaskComment[];
}

export function threadsOf(comments: readonly TaskComment[]): readonly CommentThread[] {
  return comments
    .filter(({ parentId }) => parentId === null)
    .map((comment) => ({ comment, answers: comments.filter(({ parentId }) => parentId === comment.id) }));
}

/** How many open comments each field has. */
export function openByField(comments: readonly TaskComment[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { field, parentId, resolvedAt } of comments)
    if (field !== null && parentId === null && resolvedAt === null) counts.set(field, (counts.get(field) ?? 0) + 1);
  return counts;
}
