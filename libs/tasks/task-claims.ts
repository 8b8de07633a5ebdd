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
import { ScreenProvider } from './screen-provider.port.js';
import { taskChanged } from './task-changed.js';
import { checkedId } from './task-id.js';
import { closedOrHeld, closedTask, versionConflict } from './task-refusal.js';
import type { ByActor } from './task.service.js';
import { taskView, type TaskView } from './task-view.js';
import { checkText } from './transitions/checked-text.js';
import { CLAIM_MS } from './transitions/claim-lease.js';
import { compareAndSet } from './transitions/compare-and-set.js';
import { nextListing, type NextListing, type NextRequest, nextTask } from './transitions/next-task.js';
import { WhoMay } from './transitions/who-may.js';

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
  private readonly whoMay: WhoMay;

  constructor(
    @Inject(PG_POOL) pool: pg.Pool,
    screens: ScreenProvider,
    private readonly changes: ChangeFeed,
  ) {
    this.sql = pgSql(pool);
    this.whoMay = new WhoMay(this.sql, screens);
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
    const next = await nextTask({ sql: this.sql, whoMay: this.whoMay }, request, true);
    if (next?.isNew) taskChanged(this.changes, request.tenant, next.row);
    return next ? taskView(next.row) : null;
  }

  /**
   * Gives a task back, or passes it by: it comes again to the actor behind all others, and to everybody else in its place.
   * @throws TaskRefusal TASK_CLOSED, TASK_CLAIMED, and those of `WhoMay`; StepwellError INPUT_INVALID, TASK_NOT_FOUND
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
      (isAgreed) => skipTask(this.sql, tenant, id, { actor, reason, isAgreed }),
      async (task) => closedOrHeld(task, actor) ?? (await this.whoMay.byRows(tenant, task, actor)),
      (task) => this.whoMay.byAuthor(tenant, task, actor),
    );
    taskChanged(this.changes, tenant, row);
    return { task: taskView(row), nextTask: claimNext ? await this.next({ tenant, actor, after: id, listing: next }) : null };
  }

  /**
   * Takes a task from whoever holds it.
   * @throws TaskRefusal TASK_CLOSED, VERSION_CONFLICT, and those of `WhoMay`; StepwellError INPUT_INVALID, TASK_NOT_FOUND
   */
  async takeOver({ tenant, id, actor, expectedVersion, reason }: TakeOverRequest): Promise<TaskView> {
    checkText(reason, 'reason of the take-over');
    const row = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      async (isAgreed) => {
        const taken = await takeOverTask(this.sql, { tenant, id, actor, expectedVersion, reason, leaseMs: CLAIM_MS, isAgreed });
        if (taken) taskChanged(this.changes, tenant, taken);
        return taken ?? (await this.heldBy(tenant, id, actor.id));
      },
      async (task) => {
        // It came to him after the attempt had looked who has it.
        if (task.claimed_by?.id === actor.id) return undefined;
        const refusal = closedTask(task) ?? (await this.whoMay.byRows(tenant, task, actor));
        return (
          refusal ?? (awaitsTheAuthor(task, actor.id, expectedVersion) ? undefined : versionConflict(task, expectedVersion, task.version))
        );
      },
      (task) => this.whoMay.byAuthor(tenant, task, actor),
    );
    return taskView(row);
  }

  /** Who asks for what he has, has it: a repeat of the request, for one. */
  private async heldBy(tenant: string, id: string, actorId: string): Promise<TaskRecord | undefined> {
    const [task] = await readTasks(this.sql, tenant, [id]);
    return task?.claimed_by?.id === actorId ? task : undefined;
  }
}

/** Nothing else stands in the way of a take-over. */
function awaitsTheAuthor({ asks_author: asks, version, holder }: TaskRecord, actorId: string, expectedVersion: number): boolean {
  return asks && version === expectedVersion && holder !== null && holder !== actorId;
}

function needsReason(): StepwellError {
  const message = 'say in a few words why you skip it: the next one will read it';
  return new StepwellError('INPUT_INVALID', { reason: `A skip needs a reason: ${message}.` }, { fields: [{ path: 'reason', message }] });
}
