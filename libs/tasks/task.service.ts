/**
 * People and their tasks: the inbox, the claim (a lease), the draft, the decision.
 *
 * Every change is a compare-and-set in the database; none is last-write-wins. What cannot be done is a refusal that shows the task as it
 * now is. After the commit, and only then, live pages are told and the run is woken.
 */
import { Inject, Injectable } from '@nestjs/common';
import { type Actor, findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import { ChangeFeed, WakeUpQueue } from '@stepwell/engine';
import {
  claimTask,
  type ColumnValueCount,
  leftToNobody,
  PG_POOL,
  pgSql,
  readAgreement,
  readTasks,
  releaseTask,
  saveTaskDraft,
  type Sql,
  taskHistory,
  type TaskHistoryRow,
  type TaskRecord,
  tasksOfRuns,
} from '@stepwell/storage';
import type pg from 'pg';
import { taskHistoryEntries, type TaskHistoryEntry } from './history/task-history.js';
import { type ColumnValuesRequest, valuesOfColumn } from './inbox/column-values.js';
import { screenAgreement, type ScreenAgreement } from './agreement/screen-agreement.js';
import { inboxPage, type InboxRequest, type TaskPage } from './inbox/inbox-page.js';
import { ScreenProvider } from './screen-provider.port.js';
import { taskChanged } from './task-changed.js';
import { checkedId, isUuid } from './task-id.js';
import { closedOrHeld, closedTask, TaskRefusal, versionConflict } from './task-refusal.js';
import { taskInShort, type TaskInShort, taskView, type TaskView } from './task-view.js';
import { checkText } from './transitions/checked-text.js';
import { CLAIM_MS } from './transitions/claim-lease.js';
import { compareAndSet } from './transitions/compare-and-set.js';
import { decide, type Decided, type DecisionRequest, MAX_ANSWER_BYTES } from './transitions/decide.js';
import { undo } from './transitions/undo.js';
import { nextListing, type NextListing, nextTask } from './transitions/next-task.js';
import { WhoMay } from './transitions/who-may.js';

export interface ByActor {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
}

export interface ReleaseRequest extends ByActor {
  /** Of the task as the person saw it; by default whatever it is. */
  readonly expectedVersion?: number | null;
  /** Whoever holds it; by default only what the actor holds. */
  readonly mayReleaseAny?: boolean;
  readonly reason?: string | null;
}

export interface SaveDraftRequest extends ByActor {
  readonly expectedDraftVersion: number;
  readonly draft: unknown;
}

export interface CompleteRequest extends ByActor {
  /** Of the task as the person saw it. */
  readonly expectedVersion: number;
  readonly answer: unknown;
  /** The same key again, by the same actor, returns the first result. */
  readonly idempotencyKey?: string | null;
  /** Claims the next free task of the inbox for the actor. */
  readonly claimNext?: boolean;
  /** Of what it is the next one. */
  readonly next?: NextListing | undefined;
}

export interface CancelRequest extends ByActor {
  readonly expectedVersion: number;
  readonly reason: string | null;
}

export interface AgreementRequest {
  /** Null: all. */
  readonly workflow: string | null;
  readonly days: number;
}

const MOST_DAYS = 366;
/** Of a workflow, the newest: enough for every share, and read in a second. */
const COUNTED_DECISIONS = 10_000;

@Injectable()
export class TaskService {
  private readonly sql: Sql;
  private readonly whoMay: WhoMay;

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    private readonly screens: ScreenProvider,
    private readonly wakeUps: WakeUpQueue,
    private readonly changes: ChangeFeed,
  ) {
    this.sql = pgSql(pool);
    this.whoMay = new WhoMay(this.sql, screens);
  }

  /** @throws StepwellError PAGE_SIZE_INVALID, CURSOR_INVALID, INPUT_INVALID */
  inbox(tenant: string, request: InboxRequest): Promise<TaskPage> {
    return inboxPage(this.sql, tenant, request);
  }

  /**
   * Which values a column has among what waits, the most frequent first; of the newest 5,000 tasks.
   * @param like only values with this text in them
   * @throws StepwellError INPUT_INVALID
   */
  columnValues(tenant: string, request: ColumnValuesRequest): Promise<readonly ColumnValueCount[]> {
    return valuesOfColumn(this.sql, tenant, request);
  }

  async get(tenant: string, id: string): Promise<TaskView | undefined> {
    return (await this.find(tenant, [id])).get(id);
  }

  /** By id; what is not there, or is no id at all, is absent. */
  async find(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, TaskView>> {
    const rows = await readTasks(this.sql, tenant, ids.filter(isUuid));
    return new Map(rows.map((row) => [row.id, taskView(row)]));
  }

  /** The tasks of each run in short, oldest first; every run asked for is present. */
  async ofRuns(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, readonly TaskInShort[]>> {
    const byRun = new Map<string, TaskInShort[]>(runIds.map((id) => [id, []]));
    for (const row of await tasksOfRuns(this.sql, tenant, runIds.filter(isUuid))) byRun.get(row.run_id)?.push(taskInShort(row));
    return byRun;
  }

  /** Which of them wait though nobody may decide them any more: whom they name has answered them, or is excluded otherwise, or is not there. */
  async leftToNobody(tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return leftToNobody(this.sql, tenant, ids.filter(isUuid));
  }

  /** What happened to each task, oldest first; every task asked for is present. */
  async history(tenant: string, taskIds: readonly string[]): Promise<ReadonlyMap<string, readonly TaskHistoryEntry[]>> {
    const byTask = new Map<string, TaskHistoryRow[]>(taskIds.map((id) => [id, []]));
    for (const row of await taskHistory(this.sql, tenant, taskIds.filter(isUuid))) byTask.get(row.task_id)?.push(row);
    return new Map([...byTask].map(([id, rows]) => [id, taskHistoryEntries(rows)]));
  }

  /**
   * How often people agreed with what was suggested to them, by screen and version.
   * @throws StepwellError INPUT_INVALID
   */
  async agreement(tenant: string, { workflow, days }: AgreementRequest): Promise<readonly ScreenAgreement[]> {
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
      throw new StepwellError('INPUT_INVALID', { reason: `days is ${days}; it is a whole number from 1 to ${MOST_DAYS}.` });
    return (await readAgreement(this.sql, tenant, workflow, days, COUNTED_DECISIONS)).map(screenAgreement);
  }

  /**
   * Claims a task, or extends one's own claim.
   * @throws TaskRefusal TASK_CLOSED, TASK_CLAIMED, and those of whom a task is not for (`WhoMay`); StepwellError TASK_NOT_FOUND
   */
  async claim({ tenant, id, actor }: ByActor): Promise<TaskView> {
    const { task, isNew } = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      (isAgreed) => claimTask(this.sql, { tenant, id, actor, leaseMs: CLAIM_MS, isAgreed }),
      async (now) => closedOrHeld(now, actor) ?? this.whoMay.byRows(tenant, now, actor),
      (now) => this.whoMay.byAuthor(tenant, now, actor),
    );
    // An extension changes nothing that anybody else sees.
    if (isNew) taskChanged(this.changes, tenant, task);
    return taskView(task);
  }

  /** @throws TaskRefusal TASK_NOT_CLAIMED, TASK_CLOSED, TASK_CLAIMED, VERSION_CONFLICT; StepwellError TASK_NOT_FOUND, INPUT_INVALID */
  async release(request: ReleaseRequest): Promise<TaskView> {
    const { tenant, id, actor, expectedVersion = null, mayReleaseAny: isAny = false, reason = null } = request;
    checkText(reason, 'reason of the release');
    const row = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      () => releaseTask(this.sql, { tenant, id, actor, expectedVersion, isAny, reason }),
      (task) =>
        (isAny ? (closedTask(task) ?? heldByNobody(task)) : (closedOrHeld(task, actor) ?? notHeld(task, actor))) ??
        (expectedVersion === null || task.version === expectedVersion ? undefined : versionConflict(task, expectedVersion, task.version)),
    );
    taskChanged(this.changes, tenant, row);
    return taskView(row);
  }

  /** @throws TaskRefusal VERSION_CONFLICT (of the draft), TASK_NOT_CLAIMED, TASK_FOR_OTHERS, TASK_OWN_WORK, TASK_CLOSED, TASK_CLAIMED; StepwellError TASK_NOT_FOUND, INPUT_INVALID */
  async saveDraft({ tenant, id, actor, expectedDraftVersion, draft }: SaveDraftRequest): Promise<TaskView> {
    const text = jsonText(draft);
    const row = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      () => saveTaskDraft(this.sql, { tenant, id, actor, expectedDraftVersion, draft: text, leaseMs: CLAIM_MS }),
      async (task) =>
        closedOrHeld(task, actor) ??
        notHeld(task, actor) ??
        (await this.whoMay.byRows(tenant, task, actor)) ??
        (task.draft_version === expectedDraftVersion ? undefined : versionConflict(task, expectedDraftVersion, task.draft_version)),
    );
    return taskView(row);
  }

  /**
   * Completes a task, claimed by the actor or by nobody. The answer becomes the screen's output. On a task that several people answer, it is kept
   * and the task stays open, until with it there are enough equal ones.
   * @throws TaskRefusal TASK_CLOSED, TASK_CLAIMED, VERSION_CONFLICT, those of `WhoMay`; StepwellError ANSWER_INVALID (with the fields), INPUT_INVALID, RUN_ENDED, SCREEN_NOT_FOUND, TASK_NOT_FOUND
   */
  async complete(request: CompleteRequest): Promise<{ readonly task: TaskView; readonly nextTask: TaskView | null }> {
    const { tenant, id, actor, expectedVersion, answer, idempotencyKey = null, claimNext = false, next: listing } = request;
    if (claimNext) nextListing(listing ?? {}, actor);
    const decided = await this.decided({
      tenant,
      id,
      actor,
      expectedVersion,
      verdict: { status: 'completed', answer: (answer ?? null) as Json, idempotencyKey },
    });
    const next = claimNext
      ? await nextTask({ sql: this.sql, whoMay: this.whoMay }, { tenant, actor, after: id, listing }, !decided.isNew)
      : undefined;
    if (next?.isNew) taskChanged(this.changes, tenant, next.row);
    return { task: taskView(decided.task), nextTask: next ? taskView(next.row) : null };
  }

  /**
   * Cancels a task, and its run with it.
   * @throws TaskRefusal TASK_CLOSED, TASK_CLAIMED, VERSION_CONFLICT, those of `WhoMay`; StepwellError RUN_ENDED, TASK_NOT_FOUND
   */
  async cancel({ tenant, id, actor, expectedVersion, reason }: CancelRequest): Promise<TaskView> {
    const { task } = await this.decided({ tenant, id, actor, expectedVersion, verdict: { status: 'canceled', reason } });
    return taskView(task);
  }

  /**
   * Takes one's own decision back, within the undo window of its screen. The task is the actor's again, with the answer as the draft.
   * @throws TaskRefusal UNDO_OVER, TASK_CLOSED, TASK_CLAIMED, TASK_NOT_CLAIMED; StepwellError TASK_NOT_FOUND
   */
  async undo({ tenant, id, actor }: ByActor): Promise<TaskView> {
    const { task, isNew } = await undo(this.sql, { tenant, id, actor });
    if (isNew) taskChanged(this.changes, tenant, task);
    return taskView(task);
  }

  private async decided(request: DecisionRequest): Promise<Decided> {
    checkedId(request.id);
    const decided = await decide({ pool: this.pool, screens: this.screens, whoMay: this.whoMay }, request);
    if (decided.queue !== undefined) this.wakeUps.wake([decided.queue]);
    if (decided.isNew) taskChanged(this.changes, request.tenant, decided.task);
    return decided;
  }
}

function notHeld(task: TaskRecord, actor: Actor): TaskRefusal | undefined {
  return task.holder === actor.id ? undefined : new TaskRefusal('TASK_NOT_CLAIMED', taskView(task));
}

function heldByNobody(task: TaskRecord): TaskRefusal | undefined {
  return task.holder === null ? new TaskRefusal('TASK_NOT_CLAIMED', taskView(task)) : undefined;
}

/** @throws StepwellError INPUT_INVALID */
function jsonText(draft: unknown): string {
  const bad = findNonJson(draft ?? null);
  if (bad)
    throw new StepwellError(
      'INPUT_INVALID',
      { reason: `The draft is not JSON: at ${bad.path}, ${bad.reason}.` },
      { fields: [{ path: bad.path, message: bad.reason }] },
    );
  const text = JSON.stringify(draft ?? null);
  if (Buffer.byteLength(text) > MAX_ANSWER_BYTES)
    throw new StepwellError('INPUT_INVALID', { reason: `The draft is larger than ${MAX_ANSWER_BYTES} bytes; shorten it.` });
  return text;
}
