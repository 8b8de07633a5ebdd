/**
 * How hot statements find their rows on a young installation. Plans are generic and kept by each connection, so one that was made while a
 * table was small holds until the table is analyzed; one that reads the whole table then makes each commit dearer than the one before.
 */
import { CLAIM_DISPATCHES, FLUSH } from '@stepwell/storage';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { kindsOf, type PlanNode, planOf, statements, wholeTables } from './plans.js';

/** Not on the path of a run; each read of a whole young table ends with the first ANALYZE of autovacuum, a minute or so later. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'claim-deliveries': ['event_deliveries'],
  'event-work': ['event_waits'],
  'expire-blobs': ['blobs'],
  'expire-emissions': ['emissions'],
  'expire-run-keys': ['run_keys'],
  'expire-step-keys': ['step_keys'],
  'forgive-dispatches': ['dispatches'],
  'forgive-runs': ['runs'],
  'look-up-waits': ['event_waits'],
  'mark-duplicates': ['run_keys'],
  'record-crash-of-dispatch': ['runs'],
  'record-crash-of-run': ['runs'],
  'repoint-keys': ['run_keys'],
  'retry-runs': ['blobs', 'journal', 'runs'],
  'route-events': ['event_waits', 'events'],
  'watch-dispatches': ['dispatches'],
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('read no growing table as a whole, planned while it is empty, but for those that are known', async () => {
  const found: [string, string[]][] = [];
  for (const { name, text } of statements()) {
    const tables = wholeTables(await planOf(database.pool, text));
    if (tables.length > 0) found.push([name, [...new Set(tables)].sort()]);
  }
  expect(Object.fromEntries(found)).toEqual(KNOWN);
});

it('find a run by its key, and not below each workflow', async () => {
  const found: string[] = [];
  for (const { name, text } of statements()) if (belowEachWorkflow(await planOf(database.pool, text))) found.push(name);
  // Of one page; it names the workflow, in a join.
  expect(found).toEqual(['read-quiet-runs']);
  const client = await database.pool.connect();
  await client.query('BEGIN; CREATE INDEX ON runs (tenant, workflow, id)');
  expect(belowEachWorkflow(await planOf(client, FLUSH.text))).toBe(true);
  await client.query('ROLLBACK');
  client.release();
});

it('sort no backlog of steps for a worker of several queues', async () => {
  const kinds = kindsOf(await planOf(database.pool, CLAIM_DISPATCHES.text));
  expect(kinds).toContain('Index Scan');
  expect(kinds.filter((kind) => kind.includes('Sort'))).toEqual([]);
});

it('sees a whole read where there is one', async () => {
  const text = 'SELECT r.id FROM unnest($1::text[], $2::uuid[]) AS w(tenant, id) JOIN runs r ON r.tenant = w.tenant AND r.id = w.id';
  expect(wholeTables(await planOf(database.pool, text))).toContain('runs');
});

/** By an index that has the workflow between the tenant and the id, where nobody says which workflow. */
function belowEachWorkflow(node: PlanNode): boolean {
  const { 'Index Name': index = '', 'Index Cond': condition = '' } = node;
  return (/^runs_.*workflow_id_idx/.test(index) && !condition.includes('workflow')) || (node.Plans ?? []).some(belowEachWorkflow);
}
