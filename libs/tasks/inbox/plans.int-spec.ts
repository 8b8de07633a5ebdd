/** How the inbox finds a page among many tasks: by an index in each order and for each filter, and without reading them all. */
import {
  claimNextTask,
  countTasks,
  ifNobodyIsLeft,
  leftToNobody,
  listTasks,
  pgSql,
  type Sql,
  type TaskKey,
  type TaskListFilter,
  type TaskOrder,
  uuidV7,
} from '@stepwell/storage';
import { person, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';

const TASKS = 20_000;
/** What a view counts at most. */
const COUNTED = 1_001;
/** More than a page needs, or what is counted. */
const MANY = 2_000;
/** Than it takes to see that they are not few. */
const TOO_MANY = 7_000;
const ME = uuidV7();
const WAITS: TaskListFilter = { status: ['open', 'claimed'] };
const ORDERS: readonly TaskOrder[] = ['priority', 'due', 'opened', 'newest'];

/** Of few tasks each, so each must be found by an index of its own; of many, a page of them is soon full. */
const FILTERS: Readonly<Record<string, Partial<TaskListFilter>>> = {
  none: {},
  mine: { actorId: ME },
  'of a colleague': { holder: { name: 'person-9' } },
  "nobody's": { holder: 'nobody' },
  'of a group': { group: 'desk-7' },
  'of my groups': { groupsOf: ME },
  overdue: { due: { is: 'overdue' } },
  'due this week': { due: { is: 'week', zone: 'Europe/Berlin' } },
  'to be looked at again this week': { followUp: { is: 'week', zone: 'Europe/Berlin' } },
  'of a workflow': { workflow: 'strikes' },
  'of a column': { columns: { Airport: 'Airport 7' } },
  'of what comes last in the order': { columns: { Kind: 'dull' } },
  'ever due': { due: { is: 'between', from: '2020-01-01T00:00:00Z', until: null } },
  'of a value that is nowhere': { columns: { Airport: 'Nowhere' } },
};

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

describe('the inbox, with many tasks', () => {
  let desk: TaskDesk;

  beforeAll(async () => {
    desk = await TaskDesk.open();
    await desk.pool.query(
      `INSERT INTO users (tenant, id, name, display_name, role, password_hash, groups) VALUES ($1, $2, 'me', 'Me', 'reviewer', 'x', '{desk-3}')`,
      [TENANT, ME],
    );
    // The ended ones come first, as they do: whoever reads the table itself reads them, too.
    await desk.pool.query(
      `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, priority, assignee,
         candidate_groups, due_at, follow_up_at, display, form, status, ended_at)
       SELECT $1, new_id(), new_id(), 'approve', '', CASE WHEN n % 200 = 0 THEN 'strikes' ELSE 'order' END, 1, 'approve', 'Approve', 'Order',
         n % 5, CASE WHEN n % 400 = 1 THEN 'me' WHEN n % 4 = 1 THEN 'person-' || n % 100 END,
         CASE WHEN n % 4 = 2 THEN ARRAY['desk-' || n / 4 % 50] END,
         CASE WHEN n % 3 = 0 THEN now() + make_interval(hours => n - 100) END,
         CASE WHEN n % 10 = 0 THEN now() + make_interval(hours => n) END, jsonb_build_object('Airport', 'Airport ' || n % 300, 'Kind', CASE WHEN n % 5 = 0 AND n % 7 < 2 THEN 'dull' ELSE 'other' END), to_jsonb(repeat('form ', 200)),
         CASE WHEN n > $2 THEN 'completed' ELSE 'open' END, CASE WHEN n > $2 THEN now() END
       FROM generate_series(2 * $2::int, 1, -1) n`,
      [TENANT, TASKS],
    );
    await desk.pool.query('VACUUM ANALYZE tasks');
  });
  afterAll(() => desk.close());

  /** Changes nothing: each question is asked of the same tasks. */
  async function undone<Row>(text: string, values: readonly unknown[]): Promise<{ readonly rows: Row[] }> {
    const client = await desk.pool.connect();
    try {
      await client.query('BEGIN');
      return { rows: (await client.query(text, [...values])).rows as Row[] };
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  /** How many rows of a table the statements of a question have looked at. */
  async function look(ask: (sql: Sql) => Promise<unknown>, table = 'tasks'): Promise<number> {
    const nodes: PlanNode[] = [];
    const explaining: Sql = {
      query: async <Row>({ text }: { readonly text: string }, values: readonly unknown[]) => {
        const explained = await undone<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
        const ofTable = explained.rows
          .flatMap((row) => nodesOf(row['QUERY PLAN'][0].Plan))
          .filter((node) => node['Relation Name']?.startsWith(table));
        nodes.push(...ofTable);
        return (await undone<Row>(text, values)).rows;
      },
    };
    await ask(explaining);
    expect(nodes).not.toEqual([]);
    return Math.max(...nodes.map((node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']));
  }

  it.each(ORDERS)('finds a page by an index, ordered by %s', async (order) => {
    const read = await Promise.all(
      Object.values(FILTERS).map((filter) => look((sql) => listTasks(sql, TENANT, { ...WAITS, ...filter }, order, undefined, 51))),
    );
    expect(beyond(TOO_MANY, read)).toEqual([]);
  });

  it('counts what a view has by an index', async () => {
    const read = await Promise.all(
      Object.values(FILTERS).map((filter) => look((sql) => countTasks(sql, TENANT, { ...WAITS, ...filter }, COUNTED))),
    );
    expect(beyond(MANY, read)).toEqual([]);
  });

  it.each(ORDERS)('hands out the next task of a view by an index, ordered by %s', async (order) => {
    const next = ({ status: _, ...filter }: TaskListFilter) =>
      look((sql) => claimNextTask(sql, { tenant: TENANT, actor: person('Me'), leaseMs: 60_000, after: null, filter, order }));
    const read: number[] = [];
    for (const filter of Object.values(FILTERS)) read.push(await next({ ...WAITS, ...filter }));
    expect(beyond(TOO_MANY, read)).toEqual([]);
  });

  it('goes on deep in the list where it was', async () => {
    const [last] = (await desk.pool.query<{ id: string }>('SELECT id FROM tasks ORDER BY priority, id DESC OFFSET 2000 LIMIT 1')).rows;
    const after = { at: '0', id: (last as { id: string }).id };
    expect(await look((sql) => listTasks(sql, TENANT, WAITS, 'priority', after, 51))).toBeLessThan(MANY);
  });

  it.each([
    ['few', FILTERS['of a group']],
    ['many', FILTERS["nobody's"]],
  ])('goes from page to page in the order: of %s', async (_, filter) => {
    const sql = pgSql(desk.pool);
    const all = await desk.pool.query<{ id: string }>(
      `SELECT id FROM tasks WHERE status = 'open' AND ${filter?.group ? `'${filter.group}' = ANY(candidate_groups)` : 'assignee IS NULL'} ORDER BY priority DESC, id LIMIT 120`,
    );
    const read: string[] = [];
    let after: TaskKey | undefined;
    for (const length of [40, 40, 40]) {
      const page = await listTasks(sql, TENANT, { ...WAITS, ...filter }, 'priority', after, length);
      read.push(...page.map(({ id }) => id));
      after = page.map((task) => ({ at: task.sorted_at, id: task.id })).at(-1) ?? after;
    }
    expect(read).toEqual(all.rows.map(({ id }) => id));
  });

  it('looks once through all people, not for each task, for those of a group that has nobody', async () => {
    const people = 2_000;
    await desk.pool.query(
      `INSERT INTO users (tenant, id, name, display_name, role, password_hash) SELECT $1, new_id(), 'other-' || n, 'Other', 'reviewer', 'x' FROM generate_series(2, $2::int) n`,
      [TENANT, people],
    );
    await desk.pool.query('ANALYZE users');
    const page = await listTasks(pgSql(desk.pool), TENANT, { ...WAITS, group: 'desk-7' }, 'priority', undefined, 50);
    const ids = page.map(({ id }) => id);
    const left: ReadonlySet<string>[] = [];
    expect(await look(async (sql) => left.push(await leftToNobody(sql, TENANT, ids)), 'users')).toBe(people);
    expect(left).toEqual([new Set(ids)]);
  });

  it('looks at a few of 10,000 people for each task that opens for a group without anybody', async () => {
    await desk.pool.query(
      `INSERT INTO users (tenant, id, name, display_name, role, password_hash, groups) SELECT $1, new_id(), 'many-' || n, 'Many', 'reviewer', 'x', '{desk-many}' FROM generate_series(1, 10000) n`,
      [TENANT],
    );
    await desk.pool.query('ANALYZE users');
    const asked = `SELECT ${ifNobodyIsLeft('t', 't.tenant')} AS left FROM (SELECT * FROM tasks WHERE candidate_groups = '{desk-7}' LIMIT 50) t`;
    // A few, and then the index; a scan of all would be 50 times 10,000.
    expect(await look((sql) => sql.query({ name: 'empty', text: asked }, []), 'users')).toBe(50 * 50);
  });

  it('sees it when all are read', async () => {
    expect(await look((sql) => sql.query({ name: 'all', text: "SELECT FROM tasks WHERE title = 'None'" }, []))).toBeGreaterThan(MANY);
  });

  function beyond(most: number, read: readonly number[]): [string, number][] {
    return Object.keys(FILTERS).flatMap((name, index) => ((read[index] ?? 0) > most ? [[name, read[index] ?? 0] as [string, number]] : []));
  }
});

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
