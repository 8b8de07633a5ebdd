import { StepwellError } from '@stepwell/contracts';
import type { TaskInShort, TaskView } from '@stepwell/tasks';
import type { Loaders } from '../wire/loaders.js';

/** As a field of a task gets it: from a list in short, else whole. */
export type GivenTask = TaskInShort | TaskView;

/**
 * All that one page asks for is read by one statement, a moment after the list.
 * @throws StepwellError TASK_NOT_FOUND when it was deleted in that moment
 */
export async function wholeTask(task: GivenTask, loaders: Loaders): Promise<TaskView> {
  if ('form' in task) return task;
  const found = await loaders.task.load(task.id);
  if (!found) throw new StepwellError('TASK_NOT_FOUND', { id: task.id });
  return found;
}
