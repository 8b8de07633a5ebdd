/** Pages that take every connection they can get keep nobody from working; and there are as many connections as a fleet is promised. */
import { checkRoom } from '@stepwell/postgres';
import { mostConnections, RunService, WORKER, type Worker } from '@stepwell/runtime';
import { PG_POOL } from '@stepwell/storage';
import type pg from 'pg';
import { until } from '../engine/engine.js';
import { createTestDatabase } from '../postgres/test-database.js';
import { type ApiApp, startApiApp } from './api-app.js';

it('the embedded PostgreSQL has room for eight workers, each with a process in isolation', async () => {
  const database = await createTestDatabase();
  await checkRoom(database.url, { wanted: mostConnections(8), workers: 8, each: 1 });
  await database.drop();
});

describe('pages that have taken every connection', () => {
  let api: ApiApp;
  let taken: pg.PoolClient[];
  let refused: Promise<unknown>[];
  beforeEach(async () => {
    api = await startApiApp({ worker: { leaseMs: 900 } });
    const pool = api.app.get<pg.Pool>(PG_POOL);
    taken = await Promise.all(Array.from({ length: pool.options.max ?? 0 }, () => pool.connect()));
    refused = Array.from({ length: 20 }, () => pool.query('SELECT 1').catch(() => undefined));
  });
  afterEach(async () => {
    for (const client of taken) client.release();
    await Promise.all(refused);
    await api.close();
  });

  it('cost the worker neither its lease nor its commits', async () => {
    const { incarnation } = api.app.get<Worker>(WORKER);
    const { rows } = await api.database.pool.query<{ expires_at: Date }>('SELECT expires_at FROM workers');
    const beaten = () =>
      api.database.pool.query(
        `SELECT 1 FROM workers WHERE id = $1 AND ended_at IS NULL AND expires_at > $2::timestamptz + interval '900 milliseconds'`,
        [incarnation, rows[0]?.expires_at],
      );
    await until(
      async () => (await beaten()).rowCount,
      (count) => count === 1,
      'It should go on beating',
    );
    const input = { id: 'A-1', quantity: 1 };
    const { runId } = await api.app.get(RunService).start({ tenant: 'default', workflow: 'orders', input, actor: null });
    await until(
      async () => (await api.database.pool.query<{ status: string }>('SELECT status FROM runs WHERE id = $1', [runId])).rows[0]?.status,
      (status) => status === 'waiting',
      'The run should come to its screen',
    );
    expect(api.app.get<Worker>(WORKER).incarnation).toBe(incarnation);
  });

  it('are ended by the server when they take too long', async () => {
    expect((await taken[0]?.query('SHOW statement_timeout'))?.rows).toEqual([{ statement_timeout: '15s' }]);
  });
});
