/**
 * Cursors of task lists: the sort key of a row, as base64url JSON. Opaque to clients, but they come from outside, so every part is
 * checked; a cursor of the other order is not one of this list.
 */
import { StepwellError } from '@stepwell/contracts';
import type { InboxKey } from '@stepwell/storage';
import { isUuid } from '../task-id.js';

/** `inbox`: by priority, then oldest; `newest`: newest first. */
export type TaskOrder = 'inbox' | 'newest';

/** Of a PostgreSQL int. */
const MAX_INT = 2_147_483_647;

export function encodeCursor(order: TaskOrder, { priority, id }: InboxKey): string {
  return Buffer.from(JSON.stringify(order === 'inbox' ? [order, id, priority] : [order, id])).toString('base64url');
}

/** @throws StepwellError CURSOR_INVALID */
export function decodeCursor(order: TaskOrder, cursor: string): InboxKey {
  const [wanted, id, priority = 0] = parsed(cursor);
  const isValid =
    wanted === order &&
    typeof id === 'string' &&
    isUuid(id) &&
    typeof priority === 'number' &&
    Number.isInteger(priority) &&
    Math.abs(priority) <= MAX_INT;
  if (!isValid) throw new StepwellError('CURSOR_INVALID');
  return { priority, id };
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
