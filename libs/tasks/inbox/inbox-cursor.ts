/**
 * Cursors of task lists: the sort key of a row, as base64url JSON. Opaque to clients, but they come from outside, so every part is
 * checked; a cursor of another order is not one of this list.
 */
import { StepwellError } from '@stepwell/contracts';
import type { TaskKey, TaskOrder } from '@stepwell/storage';
import { isUuid } from '../task-id.js';

/** How each order writes where a row stands, beside its id: a PostgreSQL int, or an instant as PostgreSQL writes it. */
const AT: Readonly<Record<TaskOrder, (at: unknown) => boolean>> = {
  priority: (at) => typeof at === 'string' && /^-?\d{1,10}$/.test(at) && Math.abs(Number(at)) <= 2_147_483_647,
  due: (at) => typeof at === 'string' && (at === 'infinity' || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/.test(at)),
  opened: (at) => at === null,
  newest: (at) => at === null,
};

export function encodeCursor(order: TaskOrder, { at, id }: TaskKey): string {
  return Buffer.from(JSON.stringify([order, id, at])).toString('base64url');
}

/** @throws StepwellError CURSOR_INVALID */
export function decodeCursor(order: TaskOrder, cursor: string): TaskKey {
  const [wanted, id, at] = parsed(cursor);
  if (wanted !== order || typeof id !== 'string' || !isUuid(id) || !AT[order](at)) throw new StepwellError('CURSOR_INVALID');
  return { at: at as string | null, id };
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
