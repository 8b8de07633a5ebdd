import { createEmptyDatabase, createTestDatabase } from './test-database.js';

describe('the database of a test file', () => {
  it('has all migrations, however many ask for the first one at once', async () => {
    const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
    const found = await Promise.all(databases.map(({ pool }) => pool.query(`SELECT to_regclass('runs')::text AS found`)));
    expect(found.map(({ rows }) => rows)).toEqual(databases.map(() => [{ found: 'runs' }]));
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('is its own, durable in its settings where it matters, and gone after drop()', async () => {
    const [one, two] = await Promise.all([createEmptyDatabase(), createEmptyDatabase()]);
    await one.pool.query('CREATE TABLE only_here (id int)');
    const { rows } = await two.pool.query<{ found: string | null }>(`SELECT to_regclass('only_here') AS found`);
    expect(rows).toEqual([{ found: null }]);
    const settings = await one.pool.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'shared_preload_libraries', 'max_connections') ORDER BY name`,
    );
    expect(settings.rows.map(({ setting }) => setting)).toEqual(['300', 'pg_stat_statements', 'on']);
    const name = new URL(one.url).pathname.slice(1);
    await one.drop();
    await one.drop();
    const left = await two.pool.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    expect(left.rowCount).toBe(0);
    await two.drop();
  });
});
