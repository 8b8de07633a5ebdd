/**
 * Gates: where a session of a test stops inside a statement, without changing the statement.
 *
 * Triggers and row policies on the tables where sessions meet wait for an advisory lock that the gatekeeper holds. A policy stands behind
 * the statement's snapshot, before it has looked at its first row; a trigger stands right behind the first row's lock, before the write.
 * So "snapshot taken, nothing locked", "first row locked, nothing written" and "runs written, tasks not locked yet" are places where the
 * other session can be let go. A statement stops once per table and kind of gate; when it has all its locks, it stops before COMMIT.
 * Only sessions that have set `interleaving.session` stop; for everybody else triggers and policies do nothing.
 */
import pg from 'pg';
import type { TestDatabase } from '../postgres/test-database.js';
import { heldRows } from './held-rows.js';

/** The two sessions, by number: also the first key of their gates. */
export const SIDES = { a: 1, b: 2 } as const;
export type Side = keyof typeof SIDES;
export const BOTH: readonly Side[] = ['a', 'b'];

/** Where two sessions can meet in a row. The journal is not among them, nor the outbox: nobody writes them without the lock of a run. */
const ROW_GATES = [
  'runs',
  'permits',
  'inbox',
  'tasks',
  'dispatches',
  'workers',
  'run_keys',
  'events',
  'event_deliveries',
  'emissions',
  'slots',
  'schedules',
];
/** Where a row is looked for, found in an old snapshot, and locked: in between it may have changed. */
const LOOK_GATES = ['runs', 'tasks'];
/** Policies do not bind a superuser, which the tests are. */
export const ROLE = 'interleaving';
/** Far more than any script has; held by the gatekeeper from the start. */
const GATES_PER_SIDE = 64;

const INSTALL = `
DO $$ BEGIN CREATE ROLE ${ROLE}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
GRANT ALL ON ALL TABLES IN SCHEMA public TO ${ROLE};
CREATE SEQUENCE interleaving_1; CREATE SEQUENCE interleaving_2;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${ROLE};
CREATE FUNCTION interleaving_stop(place text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  session text := current_setting('interleaving.session', true);
  here text := statement_timestamp() || place;
  gate int;
BEGIN
  IF session <> '' AND strpos(coalesce(current_setting('interleaving.passed', true), ''), here) = 0 THEN
    -- what this statement has passed; an older statement's places are of no use any more
    PERFORM set_config('interleaving.passed', CASE WHEN strpos(current_setting('interleaving.passed', true), statement_timestamp()::text) = 0
      THEN here ELSE coalesce(current_setting('interleaving.passed', true), '') || ' ' || here END, false);
    gate := nextval('interleaving_' || session);
    RAISE NOTICE 'gate % %', gate, place;
    PERFORM pg_advisory_xact_lock_shared(session::int, gate);
  END IF;
END $$;
CREATE FUNCTION interleaving_holds(of text, run uuid) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  SELECT EXISTS (SELECT FROM runs WHERE tenant = of AND id = run AND pg_current_xact_id()::xid IN (xmin, xmax))
$$;
CREATE FUNCTION interleaving_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM interleaving_stop(lower(TG_OP) || ' ' || TG_ARGV[0]);
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- Of a statement that locks anything footprint.ts believes that it holds the runs of its messages.
CREATE FUNCTION interleaving_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('interleaving.session', true) <> '' AND current_query() ~ 'UPDATE' AND NOT interleaving_holds(NEW.tenant, NEW.run_id) THEN
    RAISE EXCEPTION 'A message for run %, whose row this session does not hold', NEW.run_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER behind_its_run BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION interleaving_message();
CREATE FUNCTION interleaving_look(place text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM interleaving_stop(place);
  RETURN true;
END $$;
${ROW_GATES.map((table) => `CREATE TRIGGER interleaving BEFORE INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION interleaving_row('${table}');`).join('\n')}
${LOOK_GATES.map(
  (table) => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY interleaving ON ${table} USING (interleaving_look('look at ${table}')) WITH CHECK (true);`,
).join('\n')}`;

/** Holds every gate shut and opens one at a time. */
export class Gatekeeper {
  private constructor(private readonly client: pg.Client) {}

  /** Installs the gates; once per database. */
  static async install(database: TestDatabase): Promise<Gatekeeper> {
    await database.pool.query(INSTALL);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return new Gatekeeper(client);
  }

  /** All gates shut, counting from 1 again. */
  async shutAll(): Promise<void> {
    await this.client.query(`SELECT pg_advisory_unlock_all(), setval('interleaving_1', 1, false), setval('interleaving_2', 1, false);
      SELECT count(pg_advisory_lock(side, gate)::text) FROM generate_series(1, 2) side, generate_series(1, ${GATES_PER_SIDE}) gate`);
  }

  async open(side: Side, gate: number): Promise<void> {
    await this.client.query(`SELECT pg_advisory_unlock(${SIDES[side]}, ${gate})`);
  }

  /** Lets everybody pass, for cleaning up. */
  async openAll(): Promise<void> {
    await this.client.query('SELECT pg_advisory_unlock_all()');
  }

  /** Which of these sessions waits for a lock of which other. */
  async blocked(pids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    const { rows } = await this.client.query<{ pid: number; blockers: number[] }>(
      'SELECT pid, pg_blocking_pids(pid) AS blockers FROM unnest($1::int[]) AS s(pid)',
      [pids],
    );
    return new Map(rows.map(({ pid, blockers }) => [pid, blockers]));
  }

  /** See held-rows.ts. */
  heldRows(tenant: string, whose: Parameters<typeof heldRows>[2]): Promise<ReadonlySet<string>> {
    return heldRows(this.client, tenant, whose);
  }

  async cutOff(pid: number): Promise<void> {
    await this.client.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
