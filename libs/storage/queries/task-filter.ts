/**
 * Which waiting or ended tasks, and in which order: as conditions of the statements that list, count and hand out tasks, so that a view
 * shows, counts and hands out the same. Only what is asked for becomes a condition: then the planner sees what it can use an index for.
 */
import { isDecidable, type TaskStatus } from '@stepwell/contracts';
import { isAssignee, isForGroup } from './may-take.js';

/** Of a time of the task. Days and weeks (from Monday) are those of the zone, an IANA name. */
export type TaskTimes =
  | { readonly is: 'overdue' | 'none' }
  | { readonly is: 'today' | 'week'; readonly zone: string }
  | { readonly is: 'between'; readonly from: string | null; readonly until: string | null };

/** Whose a task is: assigned to them, or claimed by them. */
export type TaskHolder = { readonly actorId: string } | { readonly name: string } | 'nobody';

export interface TaskListFilter {
  /** As a task reads: a claim that has lapsed is open. */
  readonly status: readonly TaskStatus[];
  readonly workflow?: string | undefined;
  /** Only what this actor holds, is assigned, or has decided. */
  readonly actorId?: string | undefined;
  readonly holder?: TaskHolder | undefined;
  /** Only what any member of this group may claim. */
  readonly group?: string | undefined;
  /** Only what waits for a group of this actor's, and is nobody's yet. */
  readonly groupsOf?: string | undefined;
  readonly due?: TaskTimes | undefined;
  readonly followUp?: TaskTimes | undefined;
  readonly priority?: { readonly min: number | null; readonly max: number | null } | undefined;
  /** Columns and their values, all of them. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** `priority`: highest first, then oldest. `due`: soonest first, what is never due last. `opened`: oldest first. */
export type TaskOrder = 'priority' | 'due' | 'opened' | 'newest';

/** The place of a row in an order: `at` is its priority or when it is due, as text; of the others the id says all. */
export interface TaskKey {
  readonly at: string | null;
  readonly id: string;
}

/** So many are found and sorted sooner than the whole order is walked through for them. */
export const FEW = 5_000;

const DUE = "coalesce(t.due_at, 'infinity'::timestamptz)";
/** As their indexes have them. */
const TIMES = {
  due: { at: DUE, isNever: `${DUE} = 'infinity'`, isEver: `${DUE} < 'infinity'` },
  followUp: { at: 't.follow_up_at', isNever: 't.follow_up_at IS NULL', isEver: 't.follow_up_at IS NOT NULL' },
} as const;

/** The values of a statement that is put together: each gets its place as it is added. */
export class Values {
  readonly list: unknown[];

  constructor(...first: readonly unknown[]) {
    this.list = [...first];
  }

  add(value: unknown): string {
    return `$${this.list.push(value)}`;
  }
}

interface OrderOfTasks {
  readonly by: string;
  readonly at: string;
  /** What lies behind a key: conditions that exclude each other, in this order; an index can begin at each of them. */
  readonly behind: (key: TaskKey, values: Values) => readonly string[];
}

/** Of rows called `t`. */
export const TASK_ORDERS: Readonly<Record<TaskOrder, OrderOfTasks>> = {
  priority: {
    by: 't.priority DESC, t.id',
    at: 't.priority::text',
    behind: ({ at, id }, values) => {
      const priority = `${values.add(at)}::int`;
      return [`t.priority = ${priority} AND t.id > ${values.add(id)}::uuid`, `t.priority < ${priority}`];
    },
  },
  due: {
    by: `${DUE}, t.id`,
    at: `${DUE}::text`,
    behind: ({ at, id }, values) => [`(${DUE}, t.id) > (${values.add(at)}::timestamptz, ${values.add(id)}::uuid)`],
  },
  opened: { by: 't.id', at: 'NULL', behind: ({ id }, values) => [`t.id > ${values.add(id)}::uuid`] },
  newest: { by: 't.id DESC', at: 'NULL', behind: ({ id }, values) => [`t.id < ${values.add(id)}::uuid`] },
};

/** @returns the condition on rows called `t` of the tenant $1 */
export function tasksThatFit(filter: TaskListFilter, values: Values): string {
  return conditions(filter, values).join(' AND ');
}

/** The same condition, for an index of the order: of a CASE the planner supposes that every second one fits, and looks for no index. */
export function tasksThatOftenFit(filter: TaskListFilter, values: Values): string {
  const [tenant, status, ...others] = conditions(filter, values);
  return `${tenant} AND ${status} AND CASE WHEN ${others.join(' AND ')} THEN true ELSE false END`;
}

/** Whether an index has what fits in that order, so that a page is found without looking at many others. What has ended is found by age. */
export function hasIndexInOrder({ status, workflow, priority, due, ...others }: TaskListFilter, order: TaskOrder): boolean {
  if (!status.every(isDecidable)) return true;
  const isElsewhere = [
    order === 'priority' ? undefined : (workflow ?? priority),
    order === 'due' ? undefined : due,
    ...Object.values(others),
  ];
  return isElsewhere.every((condition) => condition === undefined);
}

/**
 * The order of an index of what waits, of the filter's own where a condition has one. Whoever wants any tasks that fit, up to a number, asks
 * for them in it: without an order, where many may fit, the planner reads the table itself, what has ended, too; from the place where the
 * last such scan had stopped, so that it is now quick and now slow (`synchronize_seqscans`). Of some conditions the planner always supposes
 * that few fit: it goes by their index, and with an order would sort all that do.
 */
export function inOrderOfAnIndex({ status, workflow, holder, followUp, priority, ...others }: TaskListFilter): string {
  const { columns, due, actorId, groupsOf } = others;
  const supposedFew = [columns, due, actorId, groupsOf, holder === 'nobody' ? undefined : holder];
  if (supposedFew.some((condition) => condition !== undefined)) return '';
  if (!status.every(isDecidable)) return `ORDER BY ${TASK_ORDERS.newest.by}`;
  if (followUp && followUp.is !== 'none') return `ORDER BY ${TIMES.followUp.at}`;
  if (workflow !== undefined) return `ORDER BY t.workflow, ${TASK_ORDERS.priority.by}`;
  if (holder === 'nobody') return `ORDER BY t.assignee, ${TASK_ORDERS.opened.by}`;
  return `ORDER BY ${TASK_ORDERS[priority ? 'priority' : 'opened'].by}`;
}

function conditions(filter: TaskListFilter, values: Values): string[] {
  const { status, workflow, actorId, holder, group, groupsOf, due, followUp, priority, columns } = filter;
  const where = ['t.tenant = $1', ...ofStatus(status, values)];
  const asking = (id: string) => ({ tenant: '$1', actorId: id });
  if (workflow !== undefined) where.push(`t.workflow = ${values.add(workflow)}`);
  if (actorId !== undefined) {
    const id = `${values.add(actorId)}::text`;
    const waiting = `t.status = 'claimed' AND t.claimed_by ->> 'id' = ${id} OR ${isAssignee('t', asking(id))}`;
    const isMine = `t.status IN ('open', 'claimed') AND (${waiting})`;
    where.push(status.every(isDecidable) ? `(${waiting})` : `(t.decided_by ->> 'id' = ${id} OR ${isMine})`);
  }
  if (holder !== undefined) where.push(isHeldBy(holder, values));
  if (group !== undefined) where.push(`t.candidate_groups && ARRAY[${values.add(group)}::text]`);
  if (groupsOf !== undefined) where.push(isForGroup('t', asking(`${values.add(groupsOf)}::text`)));
  if (due) where.push(...within(TIMES.due, due, values));
  // Said twice: the index has the one, and of the other the planner knows how many there are.
  if (due?.is === 'overdue') where.push('t.due_at < now()');
  if (followUp) where.push(...within(TIMES.followUp, followUp, values));
  if (priority && priority.min !== null) where.push(`t.priority >= ${values.add(priority.min)}::int`);
  if (priority && priority.max !== null) where.push(`t.priority <= ${values.add(priority.max)}::int`);
  if (columns) where.push(`t.display @> ${values.add(JSON.stringify(columns))}::jsonb`);
  return where;
}

const LAPSED = 't.claimed_until <= clock_timestamp()';

// As for a claim that has lapsed, the row still says claimed, so both statuses are looked at. The partial indexes need to be told that.
function ofStatus(status: readonly TaskStatus[], values: Values): string[] {
  if (!status.every(isDecidable))
    return [`CASE WHEN t.status = 'claimed' AND ${LAPSED} THEN 'open' ELSE t.status END = ANY(${values.add(status)}::text[])`];
  const [isOpen, isClaimed] = [status.includes('open'), status.includes('claimed')];
  const waits = "t.status IN ('open', 'claimed')";
  if (isOpen && isClaimed) return [waits];
  if (isOpen) return [waits, `(t.status = 'open' OR ${LAPSED})`];
  return isClaimed ? [waits, `t.status = 'claimed' AND NOT ${LAPSED}`] : ['false'];
}

function isHeldBy(holder: TaskHolder, values: Values): string {
  if (holder === 'nobody') return `t.assignee IS NULL AND (t.status = 'open' OR ${LAPSED})`;
  if ('actorId' in holder) {
    const id = `${values.add(holder.actorId)}::text`;
    return `(t.status = 'claimed' AND t.claimed_by ->> 'id' = ${id} OR ${isAssignee('t', { tenant: '$1', actorId: id })})`;
  }
  const name = `${values.add(holder.name)}::text`;
  const id = `(SELECT u.id::text FROM users u WHERE u.tenant = $1 AND u.name = ${name})`;
  return `(t.status = 'claimed' AND t.claimed_by ->> 'id' = ${id} OR t.assignee = ${name})`;
}

function within({ at, isNever, isEver }: (typeof TIMES)[keyof typeof TIMES], times: TaskTimes, values: Values): string[] {
  switch (times.is) {
    case 'overdue':
      return [`${at} < now()`];
    case 'none':
      return [isNever];
    case 'today':
    case 'week': {
      const zone = `${values.add(times.zone)}::text`;
      const [unit, length] = times.is === 'today' ? ['day', '1 day'] : ['week', '7 days'];
      const begin = `date_trunc('${unit}', now() AT TIME ZONE ${zone})`;
      return [`${at} >= ${begin} AT TIME ZONE ${zone}`, `${at} < (${begin} + interval '${length}') AT TIME ZONE ${zone}`];
    }
    case 'between':
      return [
        ...(times.from === null ? [] : [`${at} >= ${values.add(times.from)}::timestamptz`]),
        times.until === null ? isEver : `${at} < ${values.add(times.until)}::timestamptz`,
      ];
  }
}
