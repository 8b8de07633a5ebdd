import { mostRows } from '../../../test/postgres/most-rows.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { uuidV7 } from '../uuid-v7.js';
import { SEAL_DECISIONS } from './seal-decisions.query.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('a hundred decisions are sealed without a look at the others that wait for it', async () => {
  const ids = Array.from({ length: 1_000 }, () => uuidV7());
  await database.pool.query(`INSERT INTO decision_seals (tenant, id, task_id) SELECT 'acme', id, id FROM unnest($1::uuid[]) AS id`, [ids]);
  const some = ids.slice(0, 100);
  const [seqs, texts] = [some.map((_, index) => index + 1), some.map(() => 'sha')];
  const most = await mostRows(database.pool, SEAL_DECISIONS, ['acme', some, seqs, texts, texts, null, new Date()]);
  expect(most).toBe(100);
});
