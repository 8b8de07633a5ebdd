import { createTestDatabase, type TestDatabase } from '../../test/postgres/test-database.js';
import { createPool, type PoolOptions } from './pool.js';

describe('a pool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  async function withPool<T>(options: Partial<PoolOptions>, use: (pool: ReturnType<typeof createPool>) => Promise<T>): Promise<T> {
    const pool = createPool({ url: database.url, max: 1, applicationName: 'pool test', ...options });
    try {
      return await use(pool);
    } finally {
      await pool.end();
    }
  }

  it('with a limit for statements has the server end those that take longer', async () => {
    await withPool({ statementMs: 50 }, async (pool) => {
      await expect(pool.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    });
  });

  it('with a limit for connections tells who gets none in time', async () => {
    await withPool({ connectionMs: 50 }, async (pool) => {
      const taken = await pool.connect();
      await expect(pool.query('SELECT 1')).rejects.toThrow('timeout exceeded');
      taken.release();
    });
  });

  it('with a limit for answers gives up one that does not come, and goes on with a new connection', async () => {
    await withPool({ answerMs: 200 }, async (pool) => {
      await expect(pool.query('SELECT pg_sleep(60)')).rejects.toThrow('timeout');
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });
  });
});
