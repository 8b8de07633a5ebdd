import type { TaskReviews } from '@stepwell/engine';
import type { Named } from '../transitions/kept-by-rows.js';

/**
 * Whom a task is for behind a review that did not decide it: a dispute goes to those who settle it; what was one person's alone goes back
 * to those whom the task named when it opened.
 *
 * @param isDisputed with this review
 * @returns null: it stays with its candidates
 */
export function handsTo(
  reviews: TaskReviews | null,
  { assignee, users, groups }: Named,
  isDisputed: boolean,
): Omit<Named, 'assignee'> | null {
  if (isDisputed && reviews?.settledBy) return { users: null, groups: reviews.settledBy };
  return reviews && assignee !== null && !users && !groups ? { users: reviews.users, groups: reviews.groups } : null;
}
