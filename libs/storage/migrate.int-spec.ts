import { createEmptyDatabase } from '../../test/postgres/test-database.js';
import { migrate, SchemaTooNewError } from './migrate.js';

describe('migrate', () => {
  it('creates the schema once, also when several processes start together, and refuses a newer one', async () => {
    const database = await createEmptyDatabase();
    await Promise.all([migrate(database.url), migrate(database.url)]);
    const { rows } = await database.pool.query<{ tables: string }>(
      "SELECT count(*) AS tables FROM pg_class WHERE relname IN ('runs', 'journal', 'tasks')",
    );
    expect(rows[0]?.tables).toBe('3');
    await database.pool.query("INSERT INTO migrations (timestamp, name) VALUES (9999, 'FromTheFuture9999')");
    await expect(migrate(database.url)).rejects.toThrow(SchemaTooNewError);
    await database.drop();
  });

  it('lets no ended run change its status', async () => {
    const database = await createEmptyDatabase();
    await migrate(database.url);
    await database.pool.query(`INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, started_by, lineage_root)
      SELECT 't', id, 'w', 1, 'w@1', 'default', 'completed', 'api', id FROM (SELECT new_id() AS id) x`);
    await expect(database.pool.query("UPDATE runs SET status = 'running'")).rejects.toThrow('it cannot become running');
    await database.drop();
  });
});
