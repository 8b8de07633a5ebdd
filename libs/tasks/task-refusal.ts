/**
 * Refusals that show the task as it now is, so that a page can say who won, who holds it, or what changed. One place says, for a
 * transition that did not happen, which of the reasons it was; the most final one first.
 */
import { type Actor, type ErrorDetails, isDecidable, StepwellError } from '@stepwell/contracts';
import { type TaskRecord } from '@stepwell/storage';
import { taskView, type TaskView } from './task-view.js';

export type TaskRefusalCode =
  | 'TASK_CLOSED'
  | 'UNDO_OVER'
  | 'TASK_CLAIMED'
  | 'TASK_NOT_CLAIMED'
  | 'TASK_FOR_OTHERS'
  | 'TASK_OWN_WORK'
  | 'TASK_REVIEWED'
  | 'TASK_NOT_PERMITTED'
  | 'TASK_PERMISSION_UNKNOWN'
  | 'VERSION_CONFLICT';

export class TaskRefusal extends StepwellError {
  declare readonly code: TaskRefusalCode;

  constructor(
    code: TaskRefusalCode,
    readonly task: TaskView,
    details: ErrorDetails = {},
    cause?: unknown,
  ) {
    super(code, details, { cause });
  }
}

export function isTaskRefusal(error: unknown): error is TaskRefusal {
  return error instanceof TaskRefusal;
}

export function taskNotFound(id: string): StepwellError {
  return new StepwellError('TASK_NOT_FOUND', { id });
}

/** @returns the refusal of what has been decided or has ended otherwise, or `undefined` while it waits */
export function closedTask(row: TaskRecord): TaskRefusal | undefined {
  if (isDecidable(row.status)) return undefined;
  return new TaskRefusal('TASK_CLOSED', taskView(row), { status: row.status, by: row.decided_by ? ` by ${row.decided_by.name}` : '' });
}

/** @returns the refusal for anybody but the holder, or `undefined` when the actor may act on the task */
export function closedOrHeld(row: TaskRecord, actor: Actor): TaskRefusal | undefined {
  const closed = closedTask(row);
  if (closed) return closed;
  const task = taskView(row);
  if (row.claimed_by && row.claimed_by.id !== actor.id)
    return new TaskRefusal('TASK_CLAIMED', task, { by: row.claimed_by.name, until: task.claimedUntil });
  return undefined;
}

export function versionConflict(row: TaskRecord, expected: number, actual: number): TaskRefusal {
  return new TaskRefusal('VERSION_CONFLICT', taskView(row), { expected, actual });
}
