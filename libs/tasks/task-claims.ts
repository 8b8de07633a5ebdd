/**
 * Whose turn it is: the next task, what a person skips, and what one takes over from another.
 *
 * Every change is a compare-and-set in the database, and a line in the task's history. After the commit, and only then, live pages are told.
 */
import { Inject, Injectable } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import { ChangeFeed } from '@stepwell/engine';
import { PG_POOL, pgSql, readTasks, skipTask, type Sql, takeOverTask, type TaskRecord } from '@stepwell/storage';
import type pg from 'pg';
import { taskChanged } from './task-changed.js';
import { checkedId } from './task-id.js';
import { closedOrHeld, closedTask, versionConflict } from './task-refusal.js';
import type { ByActor } from './task.service.js';
import { taskView, type TaskView } from './task-view.js';
import { checkText } from './transitions/checked-text.js';
import { CLAIM_MS } from './transitions/claim-lease.js';
import { compareAndSet } from './transitions/compare-and-set.js';
import { forOthers } from './transitions/for-others.js';
import { nextListing, type NextListing, type NextRequest, nextTask } from './transitions/next-task.js';

export interface SkipRequest extends ByActor {
  /** Why it is not decided now. Not empty. */
  readonly reason: string;
  /** Claims the next free task for the actor. */
  readonly claimNext?: boolean;
  readonly next?: NextListing | undefined;
}

export interface TakeOverRequest extends ByActor {
  /** Of the task as the person saw it: whoever has claimed it since keeps it. */
  readonly expectedVersion: number;
  readonly reason: string | null;
}

@Injectable()
export class TaskClaims {
  private readonly sql: Sql;

  constructor(
    @Inject(PG_POOL) pool: pg.Pool,
    private readonly changes: ChangeFeed,
  ) {
    this.sql = pgSql(pool);
  }

  /**
   * Claims the next task: the first of the inbox that nobody holds and the actor has not skipped; what he has comes again at the end. With
   * `after`, a repeat gets the task that the first request got, while the actor holds it.
   *
   * @returns `null` when nothing is free
   * @throws StepwellError INPUT_INVALID, TASK_NOT_FOUND (of `after`)
   */
  async next(request: NextRequest): Promise<TaskView | null> {
    if (request.after !== null) checkedId(request.after);
    const next = await nextTask(this.sql, request, true);
    if (next?.isNew) taskChanged(this.changes, request.tenant, next.row);
    return next ? taskView(next.row) : null;
  }

  /**
   * Gives a task back, or passes it by: it comes again to the actor behind all others, and to everybody else in its place.
   * @throws TaskRefusal TASK_CLOSED, TASK_CLAIMED, TASK_FOR_OTHERS; StepwellError INPUT_INVALID, TASK_NOT_FOUND
   */
  async skip(request: SkipRequest): Promise<{ readonly task: TaskView; readonly nextTask: TaskView | null }> {
    const { tenant, id, actor, claimNext = false, next } = request;
    const reason = request.reason.trim();
    if (reason === '') throw needsReason();
    checkText(reason, 'reason of the skip');
    if (claimNext) nextListing(next ?? {}, actor);
    const row = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      () => skipTask(this.sql, tenant, id, actor, reason),
      async (task) => closedOrHeld(task, actor) ?? (await forOthers(this.sql, tenant, task, actor)),
    );
    taskChanged(this.changes, tenant, row);
    return { task: taskView(row), nextTask: claimNext ? await this.next({ tenant, actor, after: id, listing: next }) : null };
  }

  /**
   * Takes a task from whoever holds it.
   * @throws TaskRefusal TASK_CLOSED, TASK_FOR_OTHERS, VERSION_CONFLICT; StepwellError INPUT_INVALID, TASK_NOT_FOUND
   */
  async takeOver({ tenant, id, actor, expectedVersion, reason }: TakeOverRequest): Promise<TaskView> {
    checkText(reason, 'reason of the take-over');
    const row = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      async () => {
        const taken = await takeOverTask(this.sql, { tenant, id, actor, expectedVersion, reason, leaseMs: CLAIM_MS });
        if (taken) taskChanged(this.changes, tenant, taken);
        return taken ?? (await this.heldBy(tenant, id, actor.id));
      },
      async (task) =>
        closedTask(task) ?? (await forOthers(this.sql, tenant, task, actor)) ?? versionConflict(task, expectedVersion, task.version),
    );
    return taskView(row);
  }

  /** Who asks for what he has, has it: a repeat of the request, for one. */
  private async heldBy(tenant: string, id: string, actorId: string): Promise<TaskRecord | undefined> {
    const [task] = await readTasks(this.sql, tenant, [id]);
    return task?.claimed_by?.id === actorId ? task : undefined;
  }
}

function needsReason(): StepwellError {
  const message = 'say in a few words why you skip it: the next one will read it';
  return new StepwellError('INPUT_INVALID', { reason: `A skip needs a reason: ${message}.` }, { fields: [{ path: 'reason', message }] });
}
