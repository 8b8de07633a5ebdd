/**
 * One thing done to many tasks: to each by itself, so that one that fails leaves the others alone. Only what is named is touched, and each
 * once; nothing named is nothing done. When the database is away those that are left are not tried, and say so.
 */
import { refusedField } from '@stepwell/contracts';
import { isDatabaseAway } from '@stepwell/storage';
import type { TaskView } from '../task-view.js';

/** Of one call, which then takes about a second. */
export const MOST_AT_ONCE = 100;

/** A task as somebody saw it. */
export interface SeenTask {
  readonly id: string;
  readonly expectedVersion: number;
}

/** What became of one of many. */
export type TaskOutcome =
  | { readonly id: string; readonly task: TaskView; readonly error: null }
  /** Why nothing became of it: a refusal, or what went wrong. */
  | { readonly id: string; readonly task: null; readonly error: unknown };

/** @returns in the order in which they are named */
export async function eachByItself<Item extends { readonly id: string }>(
  items: readonly Item[],
  change: (item: Item) => Promise<TaskView>,
): Promise<readonly TaskOutcome[]> {
  const outcomes: TaskOutcome[] = [];
  let outage: unknown;
  for (const item of new Map(items.map((one) => [one.id, one])).values()) {
    const { id } = item;
    if (outage !== undefined) {
      outcomes.push({ id, task: null, error: outage });
      continue;
    }
    try {
      outcomes.push({ id, task: await change(item), error: null });
    } catch (error) {
      if (isDatabaseAway(error)) outage = error;
      outcomes.push({ id, task: null, error });
    }
  }
  return outcomes;
}

/**
 * To be called before anything is changed.
 * @param named the argument that names them, for the message
 * @throws StepwellError INPUT_INVALID
 */
export function checkCount(named: string, count: number): void {
  if (count <= MOST_AT_ONCE) return;
  throw refusedField(named, `${count} tasks are named; at most ${MOST_AT_ONCE} at once.`);
}
