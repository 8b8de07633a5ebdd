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

  it('announces each migration when its turn comes, and what that throws keeps those before it', async () => {
    const database = await createEmptyDatabase();
    const told: string[] = [];
    const refusing = (name: string) => {
      told.push(name);
      if (told.length === 2) throw new Error('not this one');
    };
    await expect(migrate(database.url, refusing)).rejects.toThrow('not this one');
    const { rows } = await database.pool.query<{ name: string }>('SELECT name FROM migrations');
    expect([told.length, rows.map((row) => row.name)]).toEqual([2, told.slice(0, 1)]);
    await database.drop();
  });

  it('while it waits for another process is ended by its signal, and by a cut connection, with an error to catch', async () => {
    const database = await createEmptyDatabase();
    const other = await database.pool.connect();
    await other.query('SELECT pg_advisory_lock(7361002)');
    const waiting = async (): Promise<number> => {
      for (;;) {
        const { rows } = await other.query<{ pid: number }>(
          `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        if (rows[0]) return rows[0].pid;
      }
    };
    const stop = new AbortController();
    const stopped = expect(migrate(database.url, undefined, stop.signal)).rejects.toThrow();
    const first = await waiting();
    stop.abort();
    await stopped;
    await other.query('SELECT pg_terminate_backend($1, 5000)', [first]);
    const cut = expect(migrate(database.url)).rejects.toThrow('terminating connection');
    await other.query('SELECT pg_terminate_backend($1)', [await waiting()]);
    await cut;
    other.release();
    await database.drop();
  });

  it('gives every month that has tasks a place for the records of their decisions, however old it is', async () => {
    const database = await createEmptyDatabase();
    const before = (name: string) => {
      if (name.startsWith('DecisionRecords')) throw new Error('not yet');
    };
    await expect(migrate(database.url, before)).rejects.toThrow('not yet');
    await database.pool.query(`SELECT ensure_partitions(clock_timestamp() - interval '7 months')`);
    await migrate(database.url);
    const months = async (parent: string) =>
      (
        await database.pool.query<{ month: string; bounds: string }>(
          `SELECT replace(c.relname, $1 || '_', '') AS month, pg_get_expr(c.relpartbound, c.oid) AS bounds
           FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass ORDER BY 1`,
          [parent],
        )
      ).rows;
    const ofTasks = await months('tasks');
    expect(ofTasks).toHaveLength(8);
    expect(await months('decisions')).toEqual(ofTasks);
    await database.drop();
  });

  it('builds no index of a table from which it keeps readers meanwhile', async () => {
    const database = await createEmptyDatabase();
    const before = (name: string) => {
      if (name.startsWith('CommentBounds')) throw new Error('not yet');
    };
    await expect(migrate(database.url, before)).rejects.toThrow('not yet');
    // A lock is kept until the end of its transaction, so it tells what came first.
    await database.pool.query(`
      CREATE TABLE tables_before AS SELECT oid FROM pg_class WHERE relkind IN ('r', 'p');
      CREATE FUNCTION refuse_closed() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() c JOIN pg_index i ON i.indexrelid = c.objid JOIN tables_before b ON b.oid = i.indrelid
          JOIN pg_locks l ON l.relation = b.oid AND l.pid = pg_backend_pid() AND l.mode = 'AccessExclusiveLock')
        THEN RAISE 'Nobody reads meanwhile: %', current_query(); END IF;
      END $$;
      CREATE EVENT TRIGGER open_to_readers ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION refuse_closed();
    `);
    await migrate(database.url);
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
