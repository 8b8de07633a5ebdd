/**
 * How every transition of a task is made: try the compare-and-set; if it did not win, look why. The reason may have gone again between
 * the two (a claim released, say); then try once more. When nothing stands in its way but that the author of the screen has not been
 * asked, he is, and it is tried with his word: so a task whose author has nothing to say costs no question.
 */
import type { StepwellError } from '@stepwell/contracts';
import { readTasks, type Sql, type TaskRecord } from '@stepwell/storage';
import { taskNotFound } from '../task-refusal.js';

/** Each round means that somebody changed the task meanwhile, twice: with three the busiest task is decided or explained. */
const MAX_ROUNDS = 3;

export interface TaskRef {
  readonly tenant: string;
  readonly id: string;
}

/**
 * @param attempt the compare-and-set, told whether the author of the screen agrees; `undefined` when it did not win
 * @param explain why it cannot win, given the task as it now is; `undefined` when nothing stands in its way any more
 * @param ask the author of the screen: `undefined` when he agrees; absent where he has no say
 * @throws StepwellError TASK_NOT_FOUND, or what `explain` or `ask` returned
 */
export async function compareAndSet<T>(
  sql: Sql,
  { tenant, id }: TaskRef,
  attempt: (isAgreed: boolean) => Promise<T | undefined>,
  explain: (task: TaskRecord) => Promise<StepwellError | undefined> | StepwellError | undefined,
  ask?: (task: TaskRecord) => Promise<StepwellError | undefined>,
): Promise<T> {
  let isAgreed = false;
  for (let round = 1; ; round++) {
    const won = await attempt(isAgreed);
    if (won !== undefined) return won;
    const [task] = await readTasks(sql, tenant, [id]);
    if (!task) throw taskNotFound(id);
    const refusal = await explain(task);
    if (refusal) throw refusal;
    if (ask && task.asks_author && !isAgreed) {
      const disagrees = await ask(task);
      if (disagrees) throw disagrees;
      isAgreed = true;
      round = 0;
    }
    if (round === MAX_ROUNDS)
      throw new Error(`Task ${id} changed hands ${MAX_ROUNDS} times while it was being changed; nothing was done. Try again.`);
  }
}
