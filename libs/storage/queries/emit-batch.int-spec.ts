import { mostRows } from '../../../test/postgres/most-rows.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { uuidV7 } from '../uuid-v7.js';
import { INSERT_READS } from './emit-batch.query.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('the ledger of a batch is written without a look at what else was ever emitted', async () => {
  const keys = Array.from({ length: 2_000 }, (_, index) => `record-${index}`);
  await database.pool.query(
    `INSERT INTO emissions (tenant, emitter, record_key, run_id) SELECT 'acme', 'orders', key, $2 FROM unnest($1::text[]) AS key`,
    [keys, uuidV7()],
  );
  const batch = keys.slice(0, 100);
  const of = <T>(value: T): T[] => batch.map(() => value);
  const outcomes = batch.map((_, index) => (index % 2 ? 'deduplicated' : 'started'));
  const ledger = [outcomes, of(null), batch, outcomes.map((one) => (one === 'started' ? uuidV7() : null)), of(null), of(null)];
  expect(await mostRows(database.pool, INSERT_READS, ['acme', uuidV7(), 1, 'orders', ...ledger])).toBe(100);
});
