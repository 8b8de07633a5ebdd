/**
 * Statistics of a quiet hour: all has ended when the tables are analyzed. Then much begins at once, and whoever says a status that a partial
 * index is made of is offered that whole index, as one that has a single row.
 */
import { mostRows, type Value } from '../../../test/postgres/most-rows.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import type { Statement } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { DELIVER_TO_WAITS } from './deliver-to-waits.query.js';
import { GIVE_BACK } from './give-back.query.js';
import { NOTICE_WORK, TAKE_CAUSES } from './notice-causes.query.js';
import { GATHER_NOTICES, SETTLE_NOTIFICATION } from './notifications.query.js';
import { SEAL_DECISIONS } from './seal-decisions.query.js';
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
    `INSERT INTO notices (tenant, user_id, channel, kind, task_id, at, send_at, notification_id)
     SELECT $2, id, 'mail', 'opened', id, now(), now(), CASE WHEN $3 THEN NULL ELSE id END FROM unnest($1::uuid[]) AS id`,
    [all, TENANT, isActive],
  );
  await add(
    `INSERT INTO notice_causes (tenant, task_id, kind, due_at)
     SELECT $2, id, 'overdue', now() + CASE WHEN $3 AND n <= ${MANY} THEN interval '0' ELSE interval '1 day' END
     FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, n)`,
    [all, TENANT, isActive],
  );
  await add(
    `INSERT INTO decision_seals (tenant, id, task_id, seq) SELECT $2, id, id, CASE WHEN $3 THEN NULL ELSE n END FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, n)`,
    [all, TENANT, isActive],
  );
}

const some = active.slice(0, MANY);
const [one = ''] = active;
const of = <T>(value: T): T[] => some.map(() => value);
const settled = [of(TENANT), some, of('flow'), of(0), of('declined'), of(0), of(1), of(null), of(null)];

it.each<[string, Statement, readonly Value[], number]>([
  [SETTLE_DELIVERIES.name, SETTLE_DELIVERIES, settled, 3 * MANY],
  // All that is pending, once: what is due is put in order first.
  [DELIVER_TO_WAITS.name, DELIVER_TO_WAITS, [], 2 * ACTIVE],
  [SETTLE_NOTIFICATION.name, SETTLE_NOTIFICATION, [TENANT, one, 0, 'sent', null, null, new Date()], 3],
  [GATHER_NOTICES.name, GATHER_NOTICES, [new Date(Date.now() + 60_000)], ACTIVE],
  [NOTICE_WORK.name, NOTICE_WORK, [new Date(0), ['mail']], 3],
  [TAKE_CAUSES.name, TAKE_CAUSES, [new Date(Date.now() + 60_000), MANY], MANY],
  [
    SEAL_DECISIONS.name,
    SEAL_DECISIONS,
    [TENANT, some, some.map((_, index) => ENDED + 1 + index), of('sha'), of('sha'), null, new Date()],
    MANY,
  ],
  [GIVE_BACK.name, GIVE_BACK, [TENANT, one, 1], 3],
])('%s looks at what it is about, and not at all else that is on its way for each', async (_, asked, values, most) => {
  const seen = await mostRows(database.pool, asked, values);
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThanOrEqual(most);
});
