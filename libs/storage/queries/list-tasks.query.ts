/**
 * Pages of tasks, by keyset: a page costs the same however deep it lies, and a task decided meanwhile moves nobody else. How many there
 * are, as far as it matters, and which values a column has. Take no lock.
 *
 * Planned anew for what they are asked: a plan that suits every filter suits none.
 */
import { type Sql, statement } from '../sql.js';
import { taskInShortColumns, type TaskInShortRecord } from './read-tasks.query.js';
import {
  FEW,
  hasIndexInOrder,
  inOrderOfAnIndex,
  TASK_ORDERS,
  type TaskKey,
  type TaskListFilter,
  type TaskOrder,
  tasksThatOftenFit,
  tasksThatFit,
  Values,
} from './task-filter.js';

export interface ListedTask extends TaskInShortRecord {
  /** Of its place in the order. */
  readonly sorted_at: string | null;
}

/**
 * Either few tasks fit the filter, or one comes to many of them soon in the order that is asked for. Which of it is the case the planner
 * cannot know of a column or a person, so it is looked up.
 *
 * @param after the last one of the page before; its `at` is that of the same order
 */
export async function listTasks(
  sql: Sql,
  tenant: string,
  filter: TaskListFilter,
  order: TaskOrder,
  after: TaskKey | undefined,
  limit: number,
): Promise<ListedTask[]> {
  const page = { tenant, filter, order, after, limit };
  if (hasIndexInOrder(filter, order)) return inOrder(sql, page, tasksThatFit);
  return (await amongFew(sql, page)) ?? inOrder(sql, page, tasksThatOftenFit);
}

interface TaskListPage {
  readonly tenant: string;
  readonly filter: TaskListFilter;
  readonly order: TaskOrder;
  readonly after: TaskKey | undefined;
  readonly limit: number;
}

/** @returns `undefined` when it is more than a few that fit */
async function amongFew(sql: Sql, { tenant, filter, order, after, limit }: TaskListPage): Promise<ListedTask[] | undefined> {
  const values = new Values(tenant);
  const { by, at, behind } = TASK_ORDERS[order];
  const isBehind = after ? ` AND (${behind(after, values).join(' OR ')})` : '';
  const text = `WITH few AS MATERIALIZED (
      SELECT t.id, t.priority, t.due_at FROM tasks t WHERE ${tasksThatFit(filter, values)}${isBehind} ${inOrderOfAnIndex(filter)} LIMIT ${values.add(FEW + 1)})
    SELECT ${taskInShortColumns('t')}, ${at} AS sorted_at, (SELECT count(*) FROM few)::int AS found
    FROM (SELECT t.id FROM few t ORDER BY ${by} LIMIT ${values.add(limit)}) page
      CROSS JOIN LATERAL (SELECT * FROM tasks WHERE tenant = $1 AND id = page.id LIMIT 1) t ORDER BY ${by}`;
  const rows = await sql.query<ListedTask & { readonly found: number }>(
    statement('list-few-tasks', text, { isPlannedAnew: true }),
    values.list,
  );
  return (rows[0]?.found ?? 0) > FEW ? undefined : rows;
}

async function inOrder(
  sql: Sql,
  { tenant, filter, order, after, limit }: TaskListPage,
  thatFit: typeof tasksThatFit,
): Promise<ListedTask[]> {
  const values = new Values(tenant);
  const { by, at, behind } = TASK_ORDERS[order];
  const [fits, most] = [thatFit(filter, values), values.add(limit)];
  const places = after ? behind(after, values) : ['true'];
  const pages = places.map((place) => `(SELECT t.* FROM tasks t WHERE ${fits} AND ${place} ORDER BY ${by} LIMIT ${most})`);
  const text = `SELECT ${taskInShortColumns('t')}, ${at} AS sorted_at FROM (${pages.join(' UNION ALL ')}) t ORDER BY ${by} LIMIT ${most}`;
  return sql.query<ListedTask>(statement('list-tasks', text, { isPlannedAnew: true }), values.list);
}

/** What is needed to name a task, say what it is, and change it as it was seen. */
export type MatchingTask = Pick<TaskInShortRecord, 'id' | 'version' | 'workflow' | 'path' | 'screen' | 'title' | 'subject'>;

/** @param most further ones are not looked for */
export async function matchingTasks(
  sql: Sql,
  tenant: string,
  filter: TaskListFilter,
  order: TaskOrder,
  most: number,
): Promise<MatchingTask[]> {
  const values = new Values(tenant);
  const fits = tasksThatFit(filter, values);
  const text = `SELECT t.id, t.version, t.workflow, t.path, t.screen, t.title, t.subject FROM tasks t WHERE ${fits} ORDER BY ${TASK_ORDERS[order].by} LIMIT ${values.add(most)}`;
  return sql.query<MatchingTask>(statement('matching-tasks', text, { isPlannedAnew: true }), values.list);
}

/** @param most further is not counted */
export async function countTasks(sql: Sql, tenant: string, filter: TaskListFilter, most: number): Promise<number> {
  const values = new Values(tenant);
  const text = `SELECT count(*)::int AS count FROM (SELECT FROM tasks t WHERE ${tasksThatFit(filter, values)} ${inOrderOfAnIndex(filter)} LIMIT ${values.add(most)}) found`;
  const [row] = await sql.query<{ readonly count: number }>(statement('count-tasks', text, { isPlannedAnew: true }), values.list);
  return row?.count ?? 0;
}

export interface ColumnValueCount {
  readonly value: string;
  readonly count: number;
}

/**
 * The values that a column has among what waits, the most frequent first.
 *
 * @param like only values that have this text in them, whatever its case
 * @param among looked at are the newest so many that fit the filter
 */
export async function columnValues(
  sql: Sql,
  tenant: string,
  {
    filter,
    column,
    like,
    among,
    limit,
  }: {
    readonly filter: TaskListFilter;
    readonly column: string;
    readonly like: string;
    readonly among: number;
    readonly limit: number;
  },
): Promise<ColumnValueCount[]> {
  const values = new Values(tenant);
  const newest = `SELECT t.display ->> ${values.add(column)} AS value FROM tasks t WHERE ${tasksThatFit(filter, values)} ORDER BY t.id DESC LIMIT ${values.add(among)}`;
  const text = `SELECT value, count(*)::int AS count FROM (${newest}) newest
    WHERE value IS NOT NULL AND position(lower(${values.add(like)}) IN lower(value)) > 0
    GROUP BY value ORDER BY count DESC, value LIMIT ${values.add(limit)}`;
  return sql.query<ColumnValueCount>(statement('column-values', text, { isPlannedAnew: true }), values.list);
}
