/** Two statements make deliveries, and each may make the other's: one routes an event, one looks up what came before somebody waited. */
import pg from 'pg';
import { until } from '../../../test/engine/engine.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { pgSql } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { lookUpWaits } from './look-up-waits.query.js';
import { routeEvents } from './route-events.query.js';

/** Stops before the second row of a statement, with the first one written, for as long as somebody has the lock. */
const BARRIER = `
  CREATE FUNCTION stop_behind_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('test.has_written', true) = 'yes' THEN PERFORM pg_advisory_xact_lock_shared(1); END IF;
    PERFORM set_config('test.has_written', 'yes', false);
    RETURN NEW;
  END $$;
  CREATE TRIGGER stop_behind_first BEFORE INSERT ON event_deliveries FOR EACH ROW EXECUTE FUNCTION stop_behind_first()`;

describe('who routes and who looks up', () => {
  let database: TestDatabase;
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    for (let i = 0; i < 3; i++) {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      clients.push(client);
    }
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await database.drop();
  });

  it('write the deliveries that both of them make in the same order, and never wait for each other', async () => {
    const [keeper, router, looker] = clients as [pg.Client, pg.Client, pg.Client];
    const runId = uuidV7();
    for (const number of [1, 2])
      await keeper.query(`INSERT INTO events (tenant, id, name, payload) VALUES ('t', $1, 'told', $2)`, [uuidV7(), { number, any: true }]);
    // The first wait fits only the second event, so by waits that delivery comes first, and by events it comes second.
    for (const match of [{ number: 2 }, { any: true }])
      await keeper.query(
        `INSERT INTO event_waits (tenant, run_id, id, event, shape, key, since)
         SELECT 't', $1, $2, 'told', match_shape($3), match_key($3, match_shape($3)), clock_timestamp() - interval '1 minute'`,
        [runId, uuidV7(), match],
      );
    await keeper.query(BARRIER);
    await keeper.query('SELECT pg_advisory_lock(1)');

    const both = Promise.all([routeEvents(pgSql(router)), lookUpWaits(pgSql(looker))]);
    both.catch(() => undefined);
    const waiting = async () =>
      (await keeper.query<{ n: number }>(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).rows[0]?.n; // prettier-ignore
    await until(waiting, (n) => n === 2, 'Both should have come to where they wait');
    await keeper.query('SELECT pg_advisory_unlock(1)');

    expect(await both).toMatchObject([{ events: 2 }, { waits: 2 }]);
    const { rows } = await keeper.query<{ n: number }>('SELECT count(*)::int AS n FROM event_deliveries');
    expect(rows).toEqual([{ n: 3 }]);
  });
});
