/**
 * Saved views of the inbox: a filter and an order under a name. A private one is its owner's alone; a shared one everybody of the tenant
 * sees, and whoever may share changes it. The filter is checked when it is saved and again each time that it is used: a view whose
 * workflow or column is no more says so, and shows, counts and hands out nothing.
 */
import { Inject, Injectable } from '@nestjs/common';
import { type Actor, findNonJson, type Json, refusedField, StepwellError } from '@stepwell/contracts';
import {
  countTasks,
  deleteInboxView,
  insertInboxView,
  type InboxViewRow,
  isUniqueViolation,
  listInboxViews,
  PG_POOL,
  pgSql,
  type Sql,
  type TaskOrder,
  updateInboxView,
  uuidV7,
} from '@stepwell/storage';
import type pg from 'pg';
import { listingOf, type TaskFilter, type TaskListing } from '../inbox/task-filter.js';
import { isUuid } from '../task-id.js';
import { ColumnProvider } from './column-provider.port.js';

const MAX_NAME = 80;
/** Of one owner: each is counted while the inbox is open. */
const MOST_VIEWS = 50;
/** More is "1,000+": nobody works by the exact figure. */
const COUNTED = 1_000;

export interface InboxView {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly isShared: boolean;
  readonly isMine: boolean;
  readonly filter: Json;
  readonly order: TaskOrder | null;
  /** Why it can show nothing. */
  readonly problem: string | null;
}

export interface BoundedCount {
  readonly count: number;
  readonly isMore: boolean;
}

export interface ViewsActor {
  readonly tenant: string;
  readonly actor: Actor;
  /** Operators and admins. */
  readonly mayShare: boolean;
}

export interface ViewToSave {
  /** Of the one to replace; null: a new one. */
  readonly id: string | null;
  readonly name: string;
  readonly filter: TaskFilter | null;
  readonly order: TaskOrder | null;
  readonly isShared: boolean;
}

/** A listing, or the view that says it. */
export interface ViewedListing extends Omit<TaskListing, 'viewer'> {
  readonly view?: string | null | undefined;
}

@Injectable()
export class InboxViews {
  private readonly sql: Sql;

  constructor(
    @Inject(PG_POOL) pool: pg.Pool,
    private readonly columns: ColumnProvider,
  ) {
    this.sql = pgSql(pool);
  }

  /** The actor's own, then the shared ones of others, each by name. */
  async list({ tenant, actor }: ViewsActor): Promise<readonly InboxView[]> {
    const rows = await listInboxViews(this.sql, tenant, actor.id, null);
    const views = rows.map((row) => this.viewOf(row, actor));
    return [...views.filter(({ isMine }) => isMine), ...views.filter(({ isMine }) => !isMine)];
  }

  /** @throws StepwellError INPUT_INVALID, FORBIDDEN, VIEW_NOT_FOUND, VIEW_NAME_TAKEN */
  async save({ tenant, actor, mayShare }: ViewsActor, { id, name, filter, order, isShared }: ViewToSave): Promise<InboxView> {
    const called = checkedName(name);
    if (isShared && !mayShare) throw new StepwellError('FORBIDDEN');
    listingOf({ filter, order, viewer: actor });
    const kept = { name: called, is_shared: isShared, filter: (filter ?? {}) as Json, ordering: order };
    try {
      if (id !== null) {
        const row = await updateInboxView(this.sql, { tenant, actorId: actor.id, mayShare, id: checkedId(id), ...kept });
        if (!row) throw new StepwellError('VIEW_NOT_FOUND', { id });
        return this.viewOf(row, actor);
      }
      const row = await insertInboxView(this.sql, { tenant, most: MOST_VIEWS, id: uuidV7(), owner: actor, ...kept });
      if (!row) throw refusedField('name', `You have ${MOST_VIEWS} views; delete one first.`);
      return this.viewOf(row, actor);
    } catch (error) {
      if (isUniqueViolation(error)) throw new StepwellError('VIEW_NAME_TAKEN', { name: called }, { cause: error });
      throw error;
    }
  }

  /** @throws StepwellError VIEW_NOT_FOUND */
  async delete({ tenant, actor, mayShare }: ViewsActor, id: string): Promise<void> {
    if (!(await deleteInboxView(this.sql, tenant, actor.id, checkedId(id), mayShare))) throw new StepwellError('VIEW_NOT_FOUND', { id });
  }

  /** How many tasks it shows to the actor, up to a thousand. Of one that can show nothing: none. */
  async count({ tenant, actor }: ViewsActor, view: InboxView, timeZone: string | null): Promise<BoundedCount> {
    if (view.problem !== null) return { count: 0, isMore: false };
    return this.countOf({ tenant, actor }, { filter: view.filter as TaskFilter, order: view.order, timeZone });
  }

  /**
   * How many tasks a filter shows to the actor, up to a thousand.
   * @throws StepwellError INPUT_INVALID
   */
  async countOf({ tenant, actor }: Pick<ViewsActor, 'tenant' | 'actor'>, listing: Omit<TaskListing, 'viewer'>): Promise<BoundedCount> {
    const { where } = listingOf({ ...listing, viewer: actor });
    const found = await countTasks(this.sql, tenant, where, COUNTED + 1);
    return { count: Math.min(found, COUNTED), isMore: found > COUNTED };
  }

  /**
   * What a request lists: what it says itself, or what the view says that it names.
   * @throws StepwellError VIEW_NOT_FOUND, VIEW_BROKEN, INPUT_INVALID
   */
  async listing({ tenant, actor }: ViewsActor, { view: id, filter, order, timeZone }: ViewedListing): Promise<Omit<TaskListing, 'viewer'>> {
    if (id === null || id === undefined) return { filter, order, timeZone };
    if (filter || order) throw refusedField('view', 'Say a view, or a filter and an order, not both.');
    const [row] = await listInboxViews(this.sql, tenant, actor.id, checkedId(id));
    if (!row) throw new StepwellError('VIEW_NOT_FOUND', { id });
    const view = this.viewOf(row, actor);
    if (view.problem !== null) throw new StepwellError('VIEW_BROKEN', { name: view.name, reason: view.problem });
    return { filter: view.filter as TaskFilter, order: view.order, timeZone };
  }

  private viewOf({ id, owner, name, is_shared: isShared, filter, ordering }: InboxViewRow, actor: Actor): InboxView {
    const order = ordering as TaskOrder | null;
    const problem = this.problemOf(filter as TaskFilter, order, actor);
    return { id, name, owner: owner.name, isShared, isMine: owner.id === actor.id, filter, order, problem };
  }

  private problemOf(filter: TaskFilter, order: TaskOrder | null, viewer: Actor): string | null {
    try {
      listingOf({ filter, order, viewer });
    } catch (error) {
      if (error instanceof StepwellError) return `It says what this version does not understand: ${error.message}`;
      throw error;
    }
    const { workflow = null, columns } = filter;
    const known = this.columns.columnsOf(workflow);
    if (!known) return workflow === null ? null : `The workflow "${workflow}" is not here any more.`;
    const gone = columns?.find(({ name }) => !known.includes(name));
    return gone ? `There is no column "${gone.name}" any more.` : null;
  }
}

function checkedName(name: string): string {
  const called = name.trim();
  if (called === '' || called.length > MAX_NAME) throw refusedField('name', `A view has a name of at most ${MAX_NAME} characters.`);
  const bad = findNonJson(called)?.reason;
  if (bad !== undefined) throw refusedField('name', `The name cannot be kept: ${bad}.`);
  return called;
}

function checkedId(id: string): string {
  if (!isUuid(id)) throw new StepwellError('VIEW_NOT_FOUND', { id });
  return id;
}
