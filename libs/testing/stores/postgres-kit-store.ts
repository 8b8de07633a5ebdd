/**
 * A database of its own on a real PostgreSQL, with the statements as they are. Its clock is the test's: a function in front of the
 * server's own in the search path, so that every `clock_timestamp()` of a statement, and of a column's default, asks for the test's time.
 * Ids go on with the real time, as those made by processes do.
 */
import type { Actor } from '@stepwell/contracts';
import { type InsertedRun, type NewRun, type TaskReviews, type WakeUpQueue, type WorkflowCatalog } from '@stepwell/engine';
import { PortableCheckpoints, RunFork, RunMigration } from '@stepwell/runtime';
import type { Type } from '@stepwell/sdk';
import {
  createPool,
  decideTask,
  undoDecision,
  ENTITIES,
  GroupCommitter,
  insertEvent,
  inTransaction,
  pgSql,
  postgresEventStore,
  postgresWorkerStore,
  registerTriggers,
  reviewTask,
  RunInserter,
  settleAsyncResult,
  uuidV7,
} from '@stepwell/storage';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { NoFeed } from '../process/hints.js';
import {
  type CheckpointParts,
  type EmittedView,
  type KitDecision,
  type KitStore,
  type RunView,
  type Settlement,
  type StoreConnection,
  type TaskCircumstances,
  type TaskView,
  TENANT,
} from './kit-store.js';

/** Partition bounds of ids made in real time hold for every instant of the test. */
const CLOCK = `
  CREATE SCHEMA kit;
  CREATE TABLE kit.time (now timestamptz NOT NULL);
  INSERT INTO kit.time VALUES (to_timestamp(0));
  CREATE FUNCTION kit.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT now FROM kit.time';
  CREATE FUNCTION kit.uuid_floor(instant timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT '00000000-0000-0000-0000-000000000000'::uuid $$;
  DO $do$ DECLARE c record; BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = kit, pg_catalog, public', current_database());
    FOR c IN SELECT table_schema, table_name, column_name FROM information_schema.columns JOIN pg_class p ON p.relname = table_name
      WHERE column_default = 'clock_timestamp()' AND NOT p.relispartition
    LOOP
      EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN %I SET DEFAULT kit.clock_timestamp()', c.table_schema, c.table_name, c.column_name);
    END LOOP;
  END $do$`;

export class PostgresKitStore implements KitStore {
  readonly kind = 'postgres';
  private readonly pool: pg.Pool;

  private constructor(
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
  ) {
    this.pool = createPool({ url: database.url, max: 4, applicationName: 'test kit' });
  }

  static async open(catalog: WorkflowCatalog, entities: readonly Type<object>[]): Promise<PostgresKitStore> {
    const database = await createTestDatabase();
    await database.pool.query(CLOCK);
    const about = { url: database.url, poolSize: 4, applicationName: 'test kit orm', installExtensions: false };
    const dataSource = await new DataSource({ type: 'postgres', ...about, entities: [...ENTITIES, ...entities] }).initialize();
    const store = new PostgresKitStore(database, dataSource);
    const current = catalog.current().filter(({ definition }) => !definition.isDeprecated);
    const hosted = current.map(({ definition: { name: workflow, version } }) => ({ workflow, version }));
    const triggers = current.flatMap(({ definition: { name: workflow, version, startOn } }) =>
      startOn.map(({ event, once }) => ({ event, workflow, version, once })),
    );
    await inTransaction(store.pool, (sql) => registerTriggers(sql, TENANT, triggers, hosted));
    return store;
  }

  async connect(): Promise<StoreConnection> {
    const pool = createPool({ url: this.database.url, max: 4, applicationName: 'test kit process' });
    const sql = pgSql(pool);
    const store = postgresWorkerStore({ sql, leaseSql: sql, committer: new GroupCommitter(pool), dataSource: this.dataSource });
    return { store, events: postgresEventStore(pool), close: () => pool.end() };
  }

  async setTime(now: number): Promise<void> {
    await this.pool.query('UPDATE kit.time SET now = to_timestamp($1::float8 / 1000)', [now]);
  }

  insertRun(run: NewRun): Promise<InsertedRun> {
    return new RunInserter(this.pool).insert(run);
  }

  runs(): Promise<readonly RunView[]> {
    return this.query(
      `SELECT id, workflow, status, CASE status WHEN 'waiting' THEN wait_reasons ELSE '{}' END AS "waitsFor", error_code AS "errorCode",
         error_message AS "errorMessage"
       FROM runs ORDER BY id`,
    );
  }

  tasks(): Promise<readonly TaskView[]> {
    return this.query(
      `SELECT id, run_id AS "runId", workflow, workflow_version AS "workflowVersion", path, iteration, screen, title, subject, props, suggestion, (extract(epoch FROM due_at) * 1000)::float8 AS "dueAt", reviews, status, answer, decided_by AS "decidedBy", coalesce((extract(epoch FROM ended_at) * 1000)::float8, 0) AS "endedAt",
         CASE WHEN coalesce(assignee, candidate_users[1], candidate_groups[1]) IS NOT NULL
           THEN jsonb_build_object('assignee', assignee, 'candidateUsers', candidate_users, 'candidateGroups', candidate_groups) END AS assignment
       FROM tasks ORDER BY id`,
    );
  }

  events(): Promise<readonly EmittedView[]> {
    return this.query(
      'SELECT id, name, payload, idempotency_key AS "idempotencyKey", source_run AS "runId" FROM events ORDER BY emitted_at, id',
    );
  }

  async circumstances({ id, runId }: TaskView): Promise<TaskCircumstances> {
    const [row] = await this.query<TaskCircumstances>(
      `SELECT t.excluded, coalesce(CASE WHEN t.reviews IS NULL THEN t.excluded END, starters_of(r.tenant, r.id)) AS starters, r.actor AS "startedBy"
       FROM tasks t JOIN runs r ON r.tenant = t.tenant AND r.id = t.run_id WHERE t.id = $1 AND r.id = $2`,
      [id, runId],
    );
    return row ?? { excluded: null, starters: [], startedBy: null };
  }

  async decide({ id, runId }: TaskView, { answer, actor, after, handsTo }: KitDecision): Promise<boolean> {
    return inTransaction(this.pool, async (sql) => {
      // In the order of the system, in which a flush goes, too.
      await sql.query(LOCK_RUN, [runId]);
      // Whether the actor may was looked at. The statements would look for people of whom a test has no rows: meanwhile it names nobody.
      const [before] = await sql.query<Before>(NAME_NOBODY, [id]);
      if (!before) throw new NotDone();
      const { version: expectedVersion, undoMs, reviews, assignee, users, groups, excluded } = before;
      const about = { tenant: TENANT, id, actor, expectedVersion, formHash: null, build: null, isAgreed: true };
      if (after === 'decided') {
        const verdict = { status: 'completed', answer, idempotencyKey: null } as const;
        const isReview = reviews !== null && !reviews.isDisputed;
        if ((await decideTask(sql, { ...about, runId, undoMs, isReview, verdict })).kind !== 'decided') throw new NotDone();
        await sql.query(NAME_AGAIN, [id, assignee, users, groups, excluded]);
        return true;
      }
      const review = { ...about, answer, idempotencyKey: null, isDisputed: after === 'disputed', handsTo: null, goesBackTo: null };
      if (!(await reviewTask(sql, review))) throw new NotDone();
      const next = handsTo ?? { users, groups };
      await sql.query(NAME_AGAIN, [id, null, next.users, next.groups, [...(excluded ?? []), actor.id]]);
      return true;
    }).catch(unlessDone);
  }

  async undo({ id, runId }: TaskView, actor: Actor): Promise<boolean> {
    return (await undoDecision(pgSql(this.pool), { tenant: TENANT, id, runId, actor, leaseMs: 0 })) !== undefined;
  }

  async emit({ name, payload, idempotencyKey }: Parameters<KitStore['emit']>[0]): Promise<string> {
    const id = uuidV7();
    await insertEvent(pgSql(this.pool), { tenant: TENANT, id, name, payload: JSON.stringify(payload), idempotencyKey, actor: null });
    return id;
  }

  async settle(runId: string, id: string, settlement: Settlement): Promise<boolean> {
    const message = { tenant: TENANT, runId, id, payload: JSON.stringify({ id, ...settlement }) };
    return (await settleAsyncResult(pgSql(this.pool), message, null)).kind === 'accepted';
  }

  readonly checkpoints = (parts: CheckpointParts) =>
    new PortableCheckpoints({ pool: this.pool, forks: new RunFork(this.pool, parts.catalog, parts.wakeUps), ...parts });

  readonly migrations = (catalog: WorkflowCatalog, wakeUps: WakeUpQueue) => new RunMigration(this.pool, catalog, wakeUps, new NoFeed());

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.pool.end();
    await this.database.drop();
  }

  private async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values as unknown[])).rows;
  }
}

const LOCK_RUN = { name: 'kit-lock-run', text: 'SELECT FROM runs WHERE id = $1 FOR UPDATE' };
const NAME_NOBODY = {
  name: 'kit-name-nobody',
  text: `UPDATE tasks t SET assignee = NULL, candidate_users = NULL, candidate_groups = NULL, excluded = NULL
         FROM (SELECT * FROM tasks WHERE id = $1) AS old WHERE t.id = old.id
         RETURNING t.version, t.undo_ms AS "undoMs", t.reviews, old.assignee, old.candidate_users AS users, old.candidate_groups AS groups, old.excluded`,
};
const NAME_AGAIN = {
  name: 'kit-name-again',
  text: 'UPDATE tasks SET assignee = $2, candidate_users = $3, candidate_groups = $4, excluded = $5 WHERE id = $1',
};

/** The task that is decided; whom it named. */
interface Before {
  readonly version: number;
  readonly undoMs: number | null;
  readonly reviews: TaskReviews | null;
  readonly assignee: string | null;
  readonly users: readonly string[] | null;
  readonly groups: readonly string[] | null;
  readonly excluded: readonly string[] | null;
}

class NotDone extends Error {}

function unlessDone(error: unknown): false {
  if (error instanceof NotDone) return false;
  throw error;
}
