/**
 * Which of what waits comes first: operators change it, and reviewers where the screen lets them, of what is for them. A change is an entry
 * of the task's history, with its reason.
 */
import { Inject, Injectable } from '@nestjs/common';
import { refusedField, StepwellError } from '@stepwell/contracts';
import { ChangeFeed } from '@stepwell/engine';
import { PG_POOL, pgSql, readTasks, setTaskPriority, type Sql } from '@stepwell/storage';
import type pg from 'pg';
import { ScreenProvider } from './screen-provider.port.js';
import { taskChanged } from './task-changed.js';
import { checkedId } from './task-id.js';
import { closedTask, taskNotFound, versionConflict } from './task-refusal.js';
import type { ByActor } from './task.service.js';
import { taskView, type TaskView } from './task-view.js';
import { checkText } from './transitions/checked-text.js';
import { compareAndSet } from './transitions/compare-and-set.js';
import { checkCount, eachByItself, type SeenTask, type TaskOutcome } from './transitions/each-by-itself.js';
import { WhoMay } from './transitions/who-may.js';

/** As a screen's own may be. */
const HIGHEST = 1_000_000;

export interface PriorityChange extends Omit<ByActor, 'id'> {
  /** A whole number; higher comes first. */
  readonly priority: number;
  readonly reason: string | null;
  /** Of any task; else only where its screen lets reviewers, of what is for the actor. */
  readonly mayPrioritizeAny: boolean;
}

@Injectable()
export class TaskPriorities {
  private readonly sql: Sql;
  private readonly whoMay: WhoMay;

  constructor(
    @Inject(PG_POOL) pool: pg.Pool,
    private readonly screens: ScreenProvider,
    private readonly changes: ChangeFeed,
  ) {
    this.sql = pgSql(pool);
    this.whoMay = new WhoMay(this.sql, screens);
  }

  /** @throws TaskRefusal TASK_CLOSED, VERSION_CONFLICT, TASK_FOR_OTHERS, TASK_OWN_WORK; StepwellError TASK_PRIORITY_FIXED, TASK_NOT_FOUND, INPUT_INVALID */
  async set(task: SeenTask, change: PriorityChange): Promise<TaskView> {
    check(change);
    return this.setOne(task, change);
  }

  /**
   * Each by itself, in one statement of each; with three more for one that is refused.
   * @throws StepwellError INPUT_INVALID, before anything is changed
   */
  async setMany(items: readonly SeenTask[], change: PriorityChange): Promise<readonly TaskOutcome[]> {
    checkCount('items', items.length);
    check(change);
    return eachByItself(items, (task) => this.setOne(task, change));
  }

  private async setOne({ id, expectedVersion }: SeenTask, change: PriorityChange): Promise<TaskView> {
    const { tenant, actor, priority, reason, mayPrioritizeAny } = change;
    if (!mayPrioritizeAny) await this.checkLet(checkedId(id), change);
    const row = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      () => setTaskPriority(this.sql, { tenant, id, actor, expectedVersion, priority, reason }),
      (task) => closedTask(task) ?? (task.version === expectedVersion ? undefined : versionConflict(task, expectedVersion, task.version)),
    );
    if (row.was !== row.priority) taskChanged(this.changes, tenant, row);
    return taskView(row);
  }

  private async checkLet(id: string, { tenant, actor }: PriorityChange): Promise<void> {
    const [task] = await readTasks(this.sql, tenant, [id]);
    if (!task) throw taskNotFound(id);
    if (!this.screens.mayReviewersPrioritize(task)) throw new StepwellError('TASK_PRIORITY_FIXED', { id });
    const refusal = await this.whoMay.byRows(tenant, task, actor);
    if (refusal) throw refusal;
  }
}

function check({ priority, reason }: PriorityChange): void {
  checkText(reason, 'reason of the new priority');
  if (Number.isInteger(priority) && Math.abs(priority) <= HIGHEST) return;
  const message = `It is a whole number from -${HIGHEST} to ${HIGHEST}.`;
  throw refusedField('priority', message, `The priority is ${priority}. ${message}`);
}
