/**
 * Whose a task is: given to somebody else, one or many. A person hands on what is theirs (delegates, with a note); who may reassign does
 * so with any task. The new one may claim it, the old one no longer, and a claim that somebody has ends. The draft stays.
 */
import { Inject, Injectable } from '@nestjs/common';
import { type Actor, refusedField, StepwellError } from '@stepwell/contracts';
import { ChangeFeed } from '@stepwell/engine';
import {
  emptyGroups,
  type NewAssignee,
  PG_POOL,
  pgSql,
  readPeople,
  reassignTask,
  type Sql,
  standIn,
  type TaskRecord,
} from '@stepwell/storage';
import pg from 'pg';
import { ScreenProvider } from './screen-provider.port.js';
import { taskChanged } from './task-changed.js';
import { checkedId } from './task-id.js';
import { closedOrHeld, closedTask, versionConflict } from './task-refusal.js';
import { taskView, type TaskView } from './task-view.js';
import { compareAndSet } from './transitions/compare-and-set.js';
import { checkCount, eachByItself, type SeenTask, type TaskOutcome } from './transitions/each-by-itself.js';
import { WhoMay } from './transitions/who-may.js';

const MAX_NOTE = 4_000;
const MAX_GROUPS = 20;
export interface ReassignRequest {
  readonly tenant: string;
  readonly actor: Actor;
  /** Exactly one of them. */
  readonly to: { readonly user?: string | null | undefined; readonly groups?: readonly string[] | null | undefined };
  readonly note?: string | null | undefined;
  /** Any task; else only what the actor holds or may take. */
  readonly mayReassign: boolean;
}

@Injectable()
export class TaskAssignments {
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

  /** @throws TaskRefusal TASK_CLOSED, TASK_CLAIMED, TASK_FOR_OTHERS; StepwellError TASK_NOT_FOUND, INPUT_INVALID (with the fields) */
  async reassign(id: string, request: ReassignRequest): Promise<TaskView> {
    return this.change({ id, expectedVersion: null }, request, await this.checked(request));
  }

  /**
   * Each by itself: one that cannot be reassigned, or is no longer as it was seen, leaves the others alone.
   *
   * @param items which ones; none is none
   * @throws StepwellError INPUT_INVALID, before anything is changed
   */
  async reassignMany(items: readonly SeenTask[], request: ReassignRequest): Promise<readonly TaskOutcome[]> {
    checkCount('items', items.length);
    const to = await this.checked(request);
    return eachByItself(items, (task) => this.change(task, request, to));
  }

  private async change(
    { id, expectedVersion }: { readonly id: string; readonly expectedVersion: number | null },
    { tenant, actor, note = null, mayReassign }: ReassignRequest,
    to: NewAssignee,
  ): Promise<TaskView> {
    const row = await compareAndSet(
      this.sql,
      { tenant, id: checkedId(id) },
      (isAgreed) => reassignTask(this.sql, { tenant, id, actor, expectedVersion, to, note, isOwn: !mayReassign, isAgreed }),
      async (task) =>
        (mayReassign ? closedTask(task) : await this.isNotHis(tenant, task, actor)) ??
        isNotAsSeen(task, expectedVersion) ??
        (await this.isNotForNewOne(tenant, task, to)),
      (task) => this.disagrees(tenant, task, { to, by: mayReassign || task.holder === actor.id ? null : actor }),
    );
    taskChanged(this.changes, tenant, row);
    return taskView(row);
  }

  private async isNotHis(tenant: string, task: TaskRecord, actor: Actor): Promise<StepwellError | undefined> {
    const refusal = closedOrHeld(task, actor);
    return refusal ?? (task.holder === actor.id ? undefined : this.whoMay.byRows(tenant, task, actor));
  }

  private async isNotForNewOne(tenant: string, task: TaskRecord, to: NewAssignee): Promise<StepwellError | undefined> {
    const person = 'user' in to ? await standIn(this.sql, tenant, to.user) : undefined;
    return person && this.whoMay.ofNewOne(tenant, task, person);
  }

  /** @param by who hands on what he does not hold, and so must be one who may have it */
  private async disagrees(
    tenant: string,
    task: TaskRecord,
    { to, by }: { readonly to: NewAssignee; readonly by: Actor | null },
  ): Promise<StepwellError | undefined> {
    const refusal = by && (await this.whoMay.byAuthor(tenant, task, by));
    if (refusal) return refusal;
    const person = 'user' in to ? await standIn(this.sql, tenant, to.user) : undefined;
    if (!person) return undefined;
    const { id, displayName } = person;
    return this.whoMay.byAuthor(tenant, task, { id, name: displayName, kind: 'user' }, displayName);
  }

  private async checked({ tenant, to: { user, groups }, note }: ReassignRequest): Promise<NewAssignee> {
    if (note && (note.length > MAX_NOTE || note.includes('\0'))) throw refusedField('note', `A note has at most ${MAX_NOTE} characters.`);
    if (typeof user === 'string' ? groups : !groups?.length) throw refusedField('to', 'Name a user, or groups.');
    if (typeof user !== 'string') return { groups: await this.checkedGroups(tenant, groups ?? []) };
    const [found] = user.includes('\0') ? [] : await readPeople(this.sql, tenant, [user]);
    if (!found) throw refusedField('to.user', `There is nobody named "${user}" here.`);
    return { user };
  }

  private async checkedGroups(tenant: string, groups: readonly string[]): Promise<readonly string[]> {
    const wrong = groups.some((group) => group.trim() === '' || group.includes('\0'));
    if (wrong || groups.length > MAX_GROUPS) throw refusedField('to.groups', `Name one to ${MAX_GROUPS} groups.`);
    const [empty] = await emptyGroups(this.sql, tenant, groups);
    if (empty !== undefined) throw refusedField('to.groups', `Nobody here is in the group "${empty}".`);
    return groups;
  }
}

function isNotAsSeen(task: TaskRecord, expected: number | null): StepwellError | undefined {
  return expected === null || task.version === expected ? undefined : versionConflict(task, expected, task.version);
}
