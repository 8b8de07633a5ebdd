/** Clearing an old month that does not come to its end: killed on the way, or in the way of others for too long. */
import { applyRetention, type AtStep, flush, pgSql, readJournals } from '@stepwell/storage';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { commitOf, farAhead, isOfNow, makeEnded, makeRuns, noticed, TENANT, untilBlocked, WORKER } from './old-month.js';

let database: TestDatabase;
let pool: pg.Pool;
/** Of whoever works meanwhile. */
let engine: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  engine = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await engine.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query('SELECT ensure_partitions()');
  await pool.query('TRUNCATE runs, journal, blobs, inbox, tasks, task_history, retention');
  await noticed(pool);
});

async function stateOfRuns(atStep?: AtStep) {
  const decisions = await applyRetention(pool, farAhead(), atStep);
  return decisions.filter(({ part, total }) => part === 'runs' && total > 0).map(({ state, kept }) => [state, kept]);
}

const count = async (table: string): Promise<number> =>
  (await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n ?? -1;

/** Until somebody drops the month, and does not come to an end with it. */
async function dropping(): Promise<void> {
  while ((await engine.query("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE 'DROP TABLE%'")).rowCount === 0);
}

describe('whoever works while an old month is cleared', () => {
  it.each(['prepared', 'swapped'] as const)(
    'finds all as it was when whoever moves it is killed when it is %s, and the next pass goes through',
    async (step) => {
      const [live = ''] = await makeRuns(pool, 1);
      await makeEnded(pool, 6);
      const dying = new pg.Pool({ connectionString: database.url, application_name: 'dying' });
      for (const event of ['error', 'connect'] as const) dying.on(event, (one: pg.PoolClient | Error) => void ('on' in one && one.on('error', () => undefined))); // prettier-ignore
      await new Promise<void>((reached) => {
        void applyRetention(dying, farAhead(), (at, month) => {
          if (at !== step || !isOfNow(month)) return Promise.resolve();
          reached();
          // A dead process does nothing more, nor does it tidy up.
          return new Promise(() => undefined);
        });
      });
      for (let left = 1; left > 0;)
        left =
          (await pool.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'dying'")).rowCount ?? 0;
      // Their tasks, the part before, were through.
      expect([await count('runs'), await count('journal')]).toEqual([7, 7]);
      expect(await stateOfRuns()).toEqual([['reduced', 1]]);
      expect((await readJournals(pgSql(engine), [{ tenant: TENANT, id: live }])).size).toBe(1);
      expect([await count('runs'), await count('journal'), await count('tasks')]).toEqual([1, 1, 0]);
      expect((await pool.query(`SELECT relname FROM pg_class WHERE relname LIKE '%fresh'`)).rows).toEqual([]);
    },
  );

  it('waits no longer than the locks are waited for, also behind somebody who never lets go', async () => {
    const [live = ''] = await makeRuns(pool, 1, { worker: WORKER });
    await makeEnded(pool, 5);
    const reader = await pool.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT FROM blobs');
    const passing = stateOfRuns();
    await untilBlocked(pool);
    const began = performance.now();
    await flush(pgSql(engine), [commitOf(live)]);
    // A quarter of a second, on a machine that others use, too; and the reader holds on.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await passing).toMatchObject([['busy', 1]]);
    await reader.query('ROLLBACK');
    reader.release();
  });

  it('waits no longer than a statement under the locks may take', async () => {
    const [live = ''] = await makeRuns(pool, 1, { worker: WORKER });
    await makeEnded(pool, 5);
    await pool.query(`CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE object_type = 'table' AND object_name NOT LIKE '%fresh') THEN PERFORM pg_sleep(120); END IF; END $$;
      CREATE EVENT TRIGGER dawdle ON sql_drop EXECUTE FUNCTION dawdle()`);
    try {
      let working: Promise<unknown> | undefined;
      const decided = await stateOfRuns(async (at, month) => {
        if (at === 'prepared' && isOfNow(month)) working = dropping().then(() => flush(pgSql(engine), [commitOf(live)]));
      });
      expect(decided).toMatchObject([['busy', 1]]);
      expect(await working).toMatchObject([{ id: live }]);
      expect([await count('runs'), await count('tasks')]).toEqual([6, 5]);
    } finally {
      await pool.query('DROP EVENT TRIGGER dawdle; DROP FUNCTION dawdle');
    }
  }, 60_000);
});
