/**
 * How statements find their rows in an installation with a past: 300,000 runs, 900,000 facts, and what hangs on them. Each is planned as a
 * connection of the engine keeps it, after the tables were analyzed; none may read a growing table from its first row to its last, nor all
 * of an index that has an entry for each row.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { fillWithManyRows, largeTables, partialIndexes } from './many-rows.js';
import { nodesOf, type PlanNode, planOf, statements, wholeIndexes, wholeTables } from './plans.js';

/**
 * Of the daily pass over what is old, and of what people ask for once in a while; what each may read as a whole.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'expire-blobs': ['blobs'],
  'expire-emissions': ['emissions'],
  'expire-run-keys': ['run_keys'],
  'retry-runs': ['blobs'],
};

const STORAGE = join(import.meta.dirname, '../../libs/storage');

/** Looks for the first entry of an index, or the first one behind another: all of an index for the planner, and one entry of it in truth. */
const FIRST_ENTRIES = new Set(['tenants-here']);

/** On the path of each run, task and event: these must be there, or nothing would be looked at. Each with what it must look up by an index. */
const HOT: Readonly<Record<string, readonly string[]>> = {
  flush: ['runs'],
  'flush-with-inbox': ['runs', 'inbox'],
  'flush-with-effects': ['runs', 'inbox', 'tasks', 'dispatches', 'event_waits'],
  'flush-with-withdrawals': ['runs', 'inbox', 'tasks', 'dispatches', 'event_waits'],
  'flush-with-escalations': ['runs', 'inbox', 'tasks', 'dispatches', 'event_waits'],
  'claim-runs': ['runs'],
  'claim-runs-with-permits': ['runs'],
  'claim-runs-with-shares': ['runs'],
  'next-due': ['runs'],
  'take-over-runs': ['runs'],
  'read-journal': ['journal'],
  'read-inbox': ['inbox'],
  'append-inbox': ['runs'],
  'settle-async-result': ['runs', 'journal'],
  'settle-async-results': ['runs', 'journal'],
  'deliver-outbox': ['runs'],
  'count-queued': ['runs'],
  'read-wait-causes': ['runs'],
};

/** Their text is made of what is asked for, and planned anew each time: before somebody asks there is none to look at. */
const MADE_WHEN_ASKED = ['claim-next-task', 'column-values', 'count-tasks', 'list-few-tasks', 'list-tasks', 'matching-tasks'];

let database: TestDatabase;
let partial: ReadonlySet<string>;
let large: ReadonlySet<string>;
beforeAll(async () => {
  database = await createTestDatabase();
  await fillWithManyRows(database.pool);
  partial = await partialIndexes(database.pool);
  large = await largeTables(database.pool);
  // Some ten seconds; minutes where others have the machine.
}, 600_000);
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

it('each that the storage declares, or nothing would be looked at that is not exported', () => {
  const found = new Set(statements().map(({ name }) => name));
  const declared = sources(STORAGE).flatMap((text) => [...text.matchAll(/\bstatement\(\s*'([^']+)'/g)].map((match) => match[1] ?? ''));
  expect(declared.length).toBeGreaterThan(100);
  expect(declared.filter((name) => !found.has(name)).sort()).toEqual(MADE_WHEN_ASKED);
});

it.each(Object.entries(HOT))('%s is there, and looks into an index of %s', async (name, tables) => {
  const plan = nodesOf(await planOf(database.pool, textOf(name)));
  const lookedInto = new Set(plan.filter((node) => node['Index Name'] !== undefined).map(tableOf));
  expect(tables.filter((table) => !lookedInto.has(table))).toEqual([]);
});

it('insert-runs is there, writes what it has to, and reads no table at all: a key that was used is in conflict', async () => {
  const ofTables = nodesOf(await planOf(database.pool, textOf('insert-runs'))).filter((node) => node['Relation Name'] !== undefined);
  expect(ofTables.map((node) => [node['Node Type'], tableOf(node)]).sort()).toEqual([
    ['ModifyTable', 'journal'],
    ['ModifyTable', 'run_keys'],
    ['ModifyTable', 'runs'],
  ]);
});

it('sees a whole read, of a table and of an index, where there is one', async () => {
  const byStatus = await planOf(database.pool, `SELECT count(*) FROM runs WHERE error_message = 'x'`);
  expect(wholeTables(byStatus, large)).toContain('runs');
  const inOrder = await planOf(database.pool, 'SELECT seq FROM journal ORDER BY tenant, run_id LIMIT 1');
  expect(wholeIndexes(inOrder, partial, large)).toContain('journal');
});

/** A hot one. @throws Error when it is not there: what is looked at by name may not silently become nothing */
function textOf(name: string): string {
  const text = statements().find((one) => one.name === name)?.text;
  if (text === undefined) throw new Error(`The storage exports no statement ${name}.`);
  return text;
}

/** A partition by the name of its table. */
function tableOf(node: PlanNode): string {
  return (node['Relation Name'] ?? '').replace(/_\d{6}$/, '');
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}
