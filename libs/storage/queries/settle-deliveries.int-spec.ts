import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { pgSql } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { insertEvent } from './insert-event.query.js';
import { type DeliveryOutcome, settleDeliveries } from './settle-deliveries.query.js';

describe('settling a delivery', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is for who knows of all attempts before: of two that were asked at a time and failed, one is counted', async () => {
    const sql = pgSql(database.pool);
    const event = { tenant: 'acme', id: uuidV7(), name: 'order.paid', payload: '{}', idempotencyKey: null, actor: null };
    await insertEvent(sql, event);
    const key = { tenant: 'acme', event_id: event.id, consumer: 'start:shipping' };
    await database.pool.query(
      `INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, version, status) VALUES ('acme', $1, $2, 'shipping', 1, 'pending')`,
      [key.event_id, key.consumer],
    );
    const failed = (attempts: number): DeliveryOutcome => ({
      ...{ ...key, attempts, status: 'pending', delayMs: 1_000, version: 1, runId: null, error: `no ${attempts}` },
    });
    expect(await settleDeliveries(sql, [failed(0)])).toEqual([key]);
    expect(await settleDeliveries(sql, [failed(0)])).toEqual([]);
    expect(await settleDeliveries(sql, [{ ...failed(0), status: 'declined' }])).toEqual([]);
    expect(await settleDeliveries(sql, [{ ...failed(1), status: 'declined', tenant: 'other' }])).toEqual([]);
    const { rows } = await database.pool.query('SELECT status, attempts, error FROM event_deliveries');
    expect(rows).toEqual([{ status: 'pending', attempts: 1, error: 'no 0' }]);
    expect(await settleDeliveries(sql, [{ ...failed(1), status: 'declined' }])).toEqual([key]);
  });
});
