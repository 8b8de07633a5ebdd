import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { until } from '../../test/engine/engine.js';
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

  it('with a limit for connections tells who gets none in time: who opens one, and who waits until that one has been used', async () => {
    // It takes whoever comes, and never says a word.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `postgres://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/none`;
    await withPool({ url, connectionMs: 50 }, async (pool) => {
      const outcomes = await Promise.allSettled([pool.query('SELECT 1'), pool.query('SELECT 1')]);
      expect(outcomes.map((one) => one.status === 'rejected' && String(one.reason))).toEqual([
        expect.stringContaining('due to connection timeout'),
        expect.stringContaining('timeout exceeded'),
      ]);
    });
    silent.close();
  });

  it('with a bound refuses at once whoever finds so many waiting, by each of its ways, and serves the others', async () => {
    await withPool({ mostWaiting: 2 }, async (pool) => {
      const taken = await pool.connect();
      const waiting = [pool.query('SELECT 1 AS one'), pool.query('SELECT 2 AS one')];
      await expect(pool.query('SELECT 3')).rejects.toMatchObject({ code: 'OVERLOADED' });
      await expect(pool.connect()).rejects.toMatchObject({ code: 'OVERLOADED', details: { seconds: 2 } });
      taken.release();
      expect((await Promise.all(waiting)).map(({ rows }) => rows[0])).toEqual([{ one: 1 }, { one: 2 }]);
      expect((await pool.query('SELECT 3 AS one')).rows).toEqual([{ one: 3 }]);
    });
  });

  it('with a limit for answers gives up one that does not come, and goes on with a new connection', async () => {
    await withPool({ answerMs: 200 }, async (pool) => {
      await expect(pool.query('SELECT pg_sleep(60)')).rejects.toThrow('timeout');
      // This one may take as long as a busy machine likes.
      const patiently = { text: 'SELECT 1 AS one', query_timeout: 60_000 };
      expect((await pool.query(patiently)).rows).toEqual([{ one: 1 }]);
    });
  });

  it('outlives a connection that is ended at the moment it is handed to the next one who waits for it', async () => {
    const holder = new pg.Client(database.url);
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(1)');
    await withPool({}, async (pool) => {
      const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const pid = rows[0]?.pid;
      const busy = pool.query('SELECT pg_advisory_lock(1)');
      const next = pool.connect();
      await until(
        () => database.pool.query("SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'", [pid]),
        ({ rowCount }) => rowCount === 1,
        'The query should wait for the lock',
      );
      // Nothing is read meanwhile; so the answer and the end of the connection are then read together.
      spawnSync(process.execPath, ['-e', LET_GO_AND_END, database.url, String(pid)], { stdio: 'inherit' });
      await busy;
      const client = await next;
      await expect(client.query('SELECT 1')).rejects.toThrow();
      client.release(true);
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });
  }, 60_000);
});

/** A process of its own: ends whoever has the lock; waits until the backend that waited for it has nothing to do, and ends it. */
const LET_GO_AND_END = `
const { Client } = require('pg');
const [, url, pid] = process.argv;
(async () => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  for (;;) {
    const { rowCount } = await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND state = 'idle' AND query LIKE '%pg_advisory_lock%'", [pid]);
    if (rowCount > 0) break;
  }
  while ((await client.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount > 0);
  await client.end();
})();`;
