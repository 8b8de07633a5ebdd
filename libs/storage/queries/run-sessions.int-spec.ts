import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { inTransaction, pgSql } from '../sql.js';
import { changeSession, completeSession, openSession, setSessionStatus, shareSession } from './run-sessions.query.js';

const visit = { tenant: 'acme', name: 'visit' };
const BLOCKED = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`;

describe('a session that a start holds until its commit', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is changed and paused meanwhile, and completed afterwards', async () => {
    const sql = pgSql(database.pool);
    const blocked = async () => (await database.pool.query(BLOCKED)).rows.length;
    await openSession(sql, { ...visit, data: 0, ttlMs: null, createdBy: null });
    const done: string[] = [];
    let completed: Promise<unknown> | undefined;
    await inTransaction(database.pool, async (start) => {
      expect(await shareSession(start, visit)).toBe('active');
      const beside = <T>(work: Parameters<typeof inTransaction<T>>[1]) => inTransaction(database.pool, work, 2_000);
      expect(await beside((other) => changeSession(other, visit, 'k1', 1, 1))).toBe(2);
      completed = completeSession(sql, visit).then((isDone) => done.push(`completed ${isDone}`));
      while ((await blocked()) === 0);
      expect(await beside((other) => changeSession(other, visit, 'k2', 2, 2))).toBe(3);
      expect(await beside((other) => setSessionStatus(other, visit, 'paused'))).toBe(true);
      expect(await blocked()).toBe(1);
      done.push('started');
    });
    await completed;
    expect(done).toEqual(['started', 'completed true']);
    expect(await shareSession(sql, visit)).toBe('completed');
    expect(await changeSession(sql, visit, 'k3', 3, 3)).toBeUndefined();
    expect((await database.pool.query('SELECT 1 FROM run_session_changes')).rows).toEqual([]);
  });
});
