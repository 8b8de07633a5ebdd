/** The refusals of tasks that bring something along: the task as it now is, or who holds it. */
import { isTaskRefusal } from '@stepwell/tasks';
import type { TaskClaimedObject, TaskClosedObject, VersionConflictObject } from './task.payloads.js';

/** @returns `undefined` for a refusal that is told as any other is */
export function taskErrorOf(error: unknown): VersionConflictObject | TaskClosedObject | TaskClaimedObject | undefined {
  if (!isTaskRefusal(error)) return undefined;
  const { code, message, task } = error;
  const told = { code, message, path: null };
  switch (code) {
    case 'VERSION_CONFLICT':
      return { __typename: 'VersionConflict', ...told, task };
    case 'TASK_CLOSED':
    case 'UNDO_OVER':
      return { __typename: 'TaskClosed', ...told, task };
    case 'TASK_CLAIMED':
      if (!task.claimedBy || !task.claimedUntil) return undefined;
      return { __typename: 'TaskClaimed', ...told, by: task.claimedBy, until: task.claimedUntil };
    case 'TASK_NOT_CLAIMED':
    case 'TASK_FOR_OTHERS':
    case 'TASK_OWN_WORK':
    case 'TASK_REVIEWED':
    case 'TASK_NOT_PERMITTED':
    case 'TASK_PERMISSION_UNKNOWN':
      return undefined;
  }
}
