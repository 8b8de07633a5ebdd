import { spawnSync } from 'node:child_process';
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

  it('outlives a connection that is ended at the moment it is handed to the next one who waits for it', async () => {
    await withPool({}, async (pool) => {
      const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const busy = pool.query('SELECT pg_sleep(0.1)');
      const next = pool.connect();
      await new Promise((sent) => setTimeout(sent, 50));
      // Nothing is read meanwhile; so the answer and the end of the connection are then read together.
      spawnSync(process.execPath, ['-e', END_IDLE, database.url, String(rows[0]?.pid)], { stdio: 'inherit' });
      await busy;
      const client = await next;
      await expect(client.query('SELECT 1')).rejects.toThrow();
      client.release(true);
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });
  }, 60_000);
});

/** A process of its own: waits until the backend has nothing to do, and ends it. */
const END_IDLE = `
const { Client } = require('pg');
(async () => {
  const client = new Client({ connectionString: process.argv[1] });
  await client.connect();
  for (;;) {
    const { rows } = await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND state = 'idle' AND query LIKE '%pg_sleep%'", [process.argv[2]]);
    if (rows.length > 0) break;
  }
  while ((await client.query('SELECT FROM pg_stat_activity WHERE pid = $1', [process.argv[2]])).rowCount > 0);
  await client.end();
})();`;
