/**
 * Statistics of a quiet hour: all has ended when the tables are analyzed. Then much begins at once, and whoever says a status that a partial
 * index is made of is offered that whole index, as one that has a single row.
 */
import { mostRows } from '../../../test/postgres/most-rows.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import type { Statement } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { DELIVER_TO_WAITS } from './deliver-to-waits.query.js';
import { GIVE_DISPATCH_BACK } from './dispatches.query.js';
import { GIVE_BACK } from './give-back.query.js';
import { SETTLE_NOTIFICATION } from './notifications.query.js';
import { SETTLE_DELIVERIES } from './settle-deliveries.query.js';

const [ENDED, ACTIVE, MANY] = [5_000, 2_000, 100];
const TENANT = 'acme';
const ids = (count: number): string[] => Array.from({ length: count }, () => uuidV7());
const [ended, active, waits] = [ids(ENDED), ids(ACTIVE), ids(ACTIVE)];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await fill(ended, false);
  await database.pool.query('ANALYZE');
  await fill(active, true);
});
afterAll(() => database.drop());

async function fill(all: readonly string[], isActive: boolean): Promise<void> {
  const add = (text: string, values: readonly unknown[]) => database.pool.query(text, [...values]);
  await add(
    `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, started_by, lineage_root, epoch)
     SELECT $2, id, 'flow', 1, 'flow@1', 'default', $3, 'api', id, 1 FROM unnest($1::uuid[]) AS id`,
    [all, TENANT, isActive ? 'running' : 'completed'],
  );
  await add(`INSERT INTO events (tenant, id, name, routed) SELECT $2, id, 'paid', true FROM unnest($1::uuid[]) AS id`, [all, TENANT]);
  const delivery = `INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, run_id, status)`;
  const status = isActive ? 'pending' : 'declined';
  await add(`${delivery} SELECT $2, id, 'flow', 'flow', NULL, $3 FROM unnest($1::uuid[]) AS id`, [all, TENANT, status]);
  await add(`${delivery} SELECT $2, id, 'wait:' || wait, NULL, id, $3 FROM unnest($1::uuid[], $4::uuid[]) AS x(id, wait)`, [
    ...[all, TENANT, status],
    isActive ? waits : all,
  ]);
  await add(
    `INSERT INTO notifications (tenant, id, user_id, channel, purpose, status, next_at, created_at)
     SELECT $2, id, id, 'mail', 'notices', $3, now(), now() FROM unnest($1::uuid[]) AS id`,
    [all, TENANT, isActive ? 'queued' : 'sent'],
  );
  await add(
    `INSERT INTO dispatches (tenant, id, run_id, path, iteration, attempt, queue, status, needs, epoch)
     SELECT $2, id, id, 's1', '', 1, 'default', $3, 'flow@1', 1 FROM unnest($1::uuid[]) AS id WHERE $3 = 'running'`,
    [all, TENANT, isActive ? 'running' : 'ended'],
  );
}

const some = active.slice(0, MANY);
const of = <T>(value: T): T[] => some.map(() => value);
const settled = [of(TENANT), some, of('flow'), of(0), of('declined'), of(0), of(1), of(null), of(null)];

it.each<[string, Statement, readonly unknown[], number]>([
  [SETTLE_DELIVERIES.name, SETTLE_DELIVERIES, settled, 3 * MANY],
  // All that is pending, once: what is due is put in order first.
  [DELIVER_TO_WAITS.name, DELIVER_TO_WAITS, [], 2 * ACTIVE],
  [SETTLE_NOTIFICATION.name, SETTLE_NOTIFICATION, [TENANT, active[0], 0, 'sent', null, null, new Date()], 3],
  [GIVE_BACK.name, GIVE_BACK, [TENANT, active[0], 1], 3],
  [GIVE_DISPATCH_BACK.name, GIVE_DISPATCH_BACK, [TENANT, active[0], 1], 3],
])('%s looks at what it is about, and not at all else that is on its way for each', async (_, one, values, most) => {
  const seen = await mostRows(database.pool, one, values);
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThanOrEqual(most);
});
