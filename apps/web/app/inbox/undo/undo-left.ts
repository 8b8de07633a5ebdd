import type { TaskState } from '../task/task.query.js';

/** How long the decision can still be taken back, in milliseconds; not by anybody when it is not positive. */
export function undoLeft({ undoUntil }: Pick<TaskState, 'undoUntil'>, now: number): number {
  return undoUntil === null ? 0 : Date.parse(undoUntil) - now;
}
