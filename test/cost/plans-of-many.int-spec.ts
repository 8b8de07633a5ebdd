/**
 * How statements find their rows in an installation with a past: 300,000 runs, 900,000 facts, and what hangs on them. Each is planned as a
 * connection of the engine keeps it, after the tables were analyzed; none may read a growing table from its first row to its last, nor all
 * of an index that has an entry for each row.
 */
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { fillWithManyRows, largeTables, partialIndexes } from './many-rows.js';
import { nodesOf, planOf, statements, wholeIndexes, wholeTables } from './plans.js';

/**
 * Of the daily pass over what is old, and of what people ask for once in a while; what each may read as a whole.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'expire-blobs': ['blobs'],
  'expire-emissions': ['emissions'],
  'expire-run-keys': ['run_keys'],
  'retry-runs': ['blobs'],
};

/** Looks for the first entry of an index, or the first one behind another: all of an index for the planner, and one entry of it in truth. */
const FIRST_ENTRIES = new Set(['tenants-here']);

/** On the path of each run, task and event: these must be there, or nothing would be looked at. */
const HOT: Readonly<Record<string, string>> = {
  'insert-runs': '',
  'claim-runs': 'runs',
  'claim-runs-with-permits': 'runs',
  'next-due': 'runs',
  'take-over-runs': 'runs',
  'claim-runs-with-shares': 'runs',
  'append-inbox': 'runs',
  'count-queued': 'runs',
  'read-wait-causes': 'runs',
};

let database: TestDatabase;
let partial: ReadonlySet<string>;
let large: ReadonlySet<string>;
beforeAll(async () => {
  database = await createTestDatabase();
  await fillWithManyRows(database.pool);
  partial = await partialIndexes(database.pool);
  large = await largeTables(database.pool);
}, 120_000);
afterAll(() => database.drop());

it('by an index, whatever they are asked for, but for those that are known', async () => {
  const found: [string, string[]][] = [];
  for (const { name, text } of statements()) {
    const plan = await planOf(database.pool, text);
    const tables = [...wholeTables(plan, large), ...wholeIndexes(plan, partial, large).map((table) => `${table} by an index`)];
    if (tables.length > 0 && !FIRST_ENTRIES.has(name)) found.push([name, [...new Set(tables)].sort()]);
  }
  expect(Object.fromEntries(found)).toEqual(KNOWN);
});

it.each(Object.entries(HOT))('%s is there, and looks into an index', async (name, table) => {
  const text = statements().find((one) => one.name === name)?.text ?? '';
  const nodes = nodesOf(await planOf(database.pool, text));
  const indexes = nodes.filter((node) => node['Index Name'] !== undefined && (node['Relation Name'] ?? '').startsWith(table));
  if (table !== '') expect(indexes.length).toBeGreaterThan(0);
});

it('sees a whole read, of a table and of an index, where there is one', async () => {
  const byStatus = await planOf(database.pool, `SELECT count(*) FROM runs WHERE error_message = 'x'`);
  expect(wholeTables(byStatus, large)).toContain('runs');
  const inOrder = await planOf(database.pool, 'SELECT seq FROM journal ORDER BY tenant, run_id LIMIT 1');
  expect(wholeIndexes(inOrder, partial, large)).toContain('journal');
});
