/**
 * How every transition of a task is made: try the compare-and-set; if it did not win, look why. The reason may have gone again between
 * the two (a claim released, say); then try once more.
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
 * @param attempt the compare-and-set; `undefined` when it did not win
 * @param explain why it cannot win, given the task as it now is; `undefined` when nothing stands in its way any more
 * @throws StepwellError TASK_NOT_FOUND, or what `explain` returned
 */
export async function compareAndSet<T>(
  sql: Sql,
  { tenant, id }: TaskRef,
  attempt: () => Promise<T | undefined>,
  explain: (task: TaskRecord) => Promise<StepwellError | undefined> | StepwellError | undefined,
): Promise<T> {
  for (let round = 1; ; round++) {
    const won = await attempt();
    if (won !== undefined) return won;
    const [task] = await readTasks(sql, tenant, [id]);
    if (!task) throw taskNotFound(id);
    const refusal = await explain(task);
    if (refusal) throw refusal;
    if (round === MAX_ROUNDS)
      throw new Error(`Task ${id} changed hands ${MAX_ROUNDS} times while it was being changed; nothing was done. Try again.`);
  }
}
