import { until } from '../../../test/engine/engine.js';
import { type ApiApp, startApiApp } from '../../../test/server/api-app.js';

describe('a query whose connection to the database breaks', () => {
  let api: ApiApp;
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'] });
  });
  afterAll(() => api.close());

  it('is told that the database is away and that the same may succeed later; then it does', async () => {
    const reviewer = await api.as('reviewer');
    const lock = await api.database.pool.connect();
    await lock.query('BEGIN; LOCK TABLE runs IN ACCESS EXCLUSIVE MODE');
    const answer = reviewer.ask('{ runs(first: 1) { edges { cursor } } }');
    const waiting = () =>
      api.database.pool.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%list-runs%' AND pid <> pg_backend_pid()`,
      );
    const { rows } = await until(waiting, ({ rowCount }) => rowCount === 1, 'The query should wait for the table');
    await api.database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    const code = {
      extensions: { code: 'DATABASE_UNAVAILABLE', retryable: true, retryAfter: 2 },
      message: 'The database does not answer, or takes nothing in. Try again in a moment.',
    };
    expect((await answer).errors).toMatchObject([code]);
    await lock.query('ROLLBACK');
    lock.release();
    expect((await reviewer.ask('{ runs(first: 1) { edges { cursor } } }')).errors).toBeUndefined();
  });
});
