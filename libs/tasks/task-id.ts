import { taskNotFound } from './task-refusal.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** As the database writes them: in small letters. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** @throws StepwellError TASK_NOT_FOUND for what cannot be an id */
export function checkedId(id: string): string {
  if (!isUuid(id)) throw taskNotFound(id);
  return id;
}
