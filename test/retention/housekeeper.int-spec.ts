/** The daily pass on a clock that a test drives, beside an engine at work. */
import { RunStatus } from '@stepwell/contracts';
import { Logger } from '@nestjs/common';
import { Clock } from '@stepwell/engine';
import { Housekeeper, type HousekeeperOptions } from '@stepwell/runtime';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { createPool, MOST_CHECKPOINT_DAYS, pgSql, putBlob, usedCheckpointKey } from '@stepwell/storage';
import { IsIn } from 'class-validator';
import type pg from 'pg';
import { type Engine, startEngine, TENANT, until } from '../engine/engine.js';
import { DAY_MS, farAhead, makeEnded, makeRuns, noticed, partitionNow } from './old-month.js';

const { jest } = import.meta;

Logger.overrideLogger(false);

class HandClock extends Clock {
  constructor(public time: number) {
    super();
  }
  now(): number {
    return this.time;
  }
}

class Answer {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

@Screen({ id: 'ask', title: 'Ask' })
class Ask implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

/** Above what a row of the journal holds. */
const LARGE = 'x'.repeat(100_000);
const order = workflow<{ waits: boolean }>('order', { version: 1 })
  .then('large', () => ({ text: LARGE }))
  .when(
    (ctx) => ctx.input.waits,
    (yes) => yes.screen(Ask),
  )
  .then('close', (ctx) => ({
    length: ctx.resultOf<{ text: string }>('large').text.length,
    answer: ctx.maybeAnswerOf(Ask)?.verdict ?? null,
  }));

describe('housekeeping', () => {
  let engine: Engine;
  let pool: pg.Pool;
  let clock: HandClock;
  const made: Housekeeper[] = [];
  beforeAll(async () => {
    engine = await startEngine({ workflows: [order], providers: [Ask] });
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    clock = new HandClock(farAhead().now);
    pool = createPool({ url: engine.database.url, max: 2, applicationName: 'housekeeping' });
    await engine.query('SELECT ensure_partitions()');
    await engine.query('TRUNCATE housekeeping, retention, runs, journal, run_keys, slots, emissions');
  });
  afterEach(async () => {
    await Promise.all(made.splice(0).map((one) => one.stop()));
    await pool.end();
  });

  function housekeeper(more: Partial<HousekeeperOptions> = {}): Housekeeper {
    const options = { keepMs: farAhead().keepMs, keepEmissionsMs: null, makesPasses: true, ...more };
    const one = new Housekeeper(pool, clock, options);
    made.push(one);
    return one;
  }
  const states = async (part: string) =>
    (await engine.query<{ state: string }>('SELECT state FROM retention WHERE part = $1 AND total > 0', [part])).map(({ state }) => state);
  const nextDay = async (one: Housekeeper, days = 1): Promise<void> => {
    clock.time += days * DAY_MS;
    await one.tick();
  };

  it('lets a straggler that it moved go on to its end, with its facts, payloads and tasks', async () => {
    const ended = await Promise.all(Array.from({ length: 6 }, () => engine.start('order', { waits: false })));
    for (const id of ended) await engine.waitFor(id, RunStatus.completed);
    const straggler = await engine.start('order', { waits: true });
    await engine.waitFor(straggler, RunStatus.waiting);
    const one = housekeeper();
    await one.tick();
    expect(await states('runs')).toEqual(['noticed']);
    await nextDay(one);
    expect(await states('runs')).toEqual(['reduced']);
    expect(await engine.query('SELECT id FROM runs')).toEqual([{ id: straggler }]);
    await engine.answer(straggler, { verdict: 'yes' });
    await engine.waitFor(straggler, RunStatus.completed);
    expect(await engine.output(straggler)).toEqual({ length: LARGE.length, answer: 'yes' });
    expect(await engine.types(straggler)).toEqual([
      ...['run.started', 'step.completed', 'branch.chosen', 'task.opened', 'task.completed', 'step.completed', 'run.ended'],
    ]);
    // Its month was dropped a day before it ended; now that it has, all of it goes.
    await nextDay(one);
    expect(await states('runs')).toEqual(['dropped']);
    expect(await partitionNow(engine.database.pool, 'runs')).toBeNull();
    await engine.query('SELECT ensure_partitions()');
  });

  it('is done once a day, by one of many processes, and costs nothing between', async () => {
    await makeRuns(engine.database.pool, 1);
    const [one, other] = [housekeeper(), housekeeper()];
    const passes = async () =>
      (await engine.query<{ at: number }>(`SELECT (extract(epoch FROM next_at) * 1000)::float8 AS at FROM housekeeping`))[0]?.at;
    await Promise.all([one.tick(), other.tick()]);
    expect(await passes()).toBe(clock.time + DAY_MS);
    await engine.query('TRUNCATE retention');
    const query = jest.spyOn(pool, 'query');
    for (let hour = 1; hour < 24; hour++) {
      clock.time += DAY_MS / 24;
      await Promise.all([one.tick(), other.tick()]);
    }
    const asked = query.mock.calls.length;
    jest.restoreAllMocks();
    expect(asked).toBe(0);
    expect(await states('runs')).toEqual([]);
    await nextDay(other, 1 / 24);
    expect(await states('runs')).toEqual(['waiting']);
  });

  it('drops nothing where it is off, or where the process is no scheduler; and makes partitions there all the same', async () => {
    await makeRuns(engine.database.pool, 1);
    const [off, worker] = [housekeeper({ keepMs: null }), housekeeper({ makesPasses: false })];
    await engine.query(`DROP TABLE ${(await partitionNow(engine.database.pool, 'audit_log')) ?? ''}`);
    await Promise.all([off.tick(), worker.tick()]);
    expect(await engine.query('SELECT FROM retention')).toEqual([]);
    await nextDay(worker);
    expect(await partitionNow(engine.database.pool, 'audit_log')).not.toBeNull();
  });

  it('lets a key of a start be used again after the retention, but not while its run lives', async () => {
    const key = { idempotencyKey: 'order-7' };
    const first = await engine.start('order', { waits: true }, key);
    await engine.waitFor(first, RunStatus.waiting);
    const one = housekeeper();
    const ranAfter = async (days: number) => {
      await nextDay(one, days);
      await engine.query('SELECT ensure_partitions()');
      return engine.start('order', { waits: false }, key);
    };
    await one.tick();
    expect(await ranAfter(1)).toBe(first);
    await engine.answer(first, { verdict: 'no' });
    await engine.waitFor(first, RunStatus.completed);
    // Within the time of the retention.
    await engine.query(`UPDATE run_keys SET created_at = $1`, [new Date(clock.time - farAhead().keepMs + 2 * DAY_MS)]);
    expect(await ranAfter(1)).toBe(first);
    const second = await ranAfter(2);
    expect(second).not.toBe(first);
    await engine.waitFor(second, RunStatus.completed);
  });

  it('knows that a checkpoint was used for as long as its text may be good, whatever the retention', async () => {
    await makeRuns(engine.database.pool, 1);
    await engine.query(`UPDATE runs SET status = 'completed', ended_at = clock_timestamp()`);
    const keep = (key: string, days: number) =>
      engine.query(
        `INSERT INTO run_keys (tenant, workflow, key, run_id, created_at)
         SELECT tenant, workflow, $1, id, clock_timestamp() - $2 * interval '1 day' FROM runs`,
        [key, days],
      );
    await keep('order-9', 60);
    await keep(usedCheckpointKey('young'), 60);
    await keep(usedCheckpointKey('old'), MOST_CHECKPOINT_DAYS + 2);
    clock.time = Date.now();
    await housekeeper({ keepMs: 30 * DAY_MS }).tick();
    expect(await engine.query('SELECT key FROM run_keys')).toEqual([{ key: usedCheckpointKey('young') }]);
  });

  it('keeps a key also while the run lives that retries its own', async () => {
    const key = { idempotencyKey: 'order-8' };
    const first = await engine.start('order', { waits: true }, key);
    await engine.waitFor(first, RunStatus.waiting);
    await engine.runs.cancel({ tenant: TENANT, runId: first, actor: null, reason: null });
    await engine.waitFor(first, RunStatus.canceled);
    const retry = await engine.process.retries.retry({ tenant: TENANT, runId: first, actor: null, reason: null });
    await engine.waitFor(retry, RunStatus.waiting);
    await engine.query(
      `INSERT INTO slots (tenant, schedule, due_at, outcome, settled_at, run_id) VALUES ($1, 's', clock_timestamp(), 'fired', clock_timestamp(), $2)`,
      [TENANT, first],
    );
    await engine.query(`INSERT INTO emissions (tenant, emitter, record_key, run_id) VALUES ($1, 'e', 'r', $2)`, [TENANT, first]);
    const one = housekeeper({ keepEmissionsMs: farAhead().keepMs });
    await one.tick();
    await nextDay(one);
    const left = () =>
      engine.query('SELECT run_id FROM run_keys UNION ALL SELECT run_id FROM slots UNION ALL SELECT run_id FROM emissions');
    expect(await left()).toEqual(Array.from({ length: 3 }, () => ({ run_id: first })));
    await engine.answer(retry, { verdict: 'no' });
    await engine.waitFor(retry, RunStatus.completed);
    await nextDay(one);
    expect(await left()).toEqual([]);
    await engine.query('SELECT ensure_partitions()');
  });

  it('sweeps payloads that no fact refers to, but none that is about to be referred to', async () => {
    const [id = ''] = await makeRuns(engine.database.pool, 1);
    const sql = pgSql(engine.pool);
    for (const hash of ['lost', 'used', 'put again']) await putBlob(sql, TENANT, id, hash, '1');
    await engine.query(`UPDATE journal SET payload = NULL, payload_blob = 'used'`);
    // As the flush that comes late would put it: the database's clock is the one that makes it young.
    await engine.query(`UPDATE blobs SET created_at = clock_timestamp() - interval '2 hours' WHERE hash = 'put again'`);
    await putBlob(sql, TENANT, id, 'put again', '1');
    clock.time = Date.now() + DAY_MS - 60 * 60_000;
    await engine.query(`UPDATE blobs SET created_at = $1 WHERE hash <> 'put again'`, [new Date(clock.time - 2 * DAY_MS)]);
    await housekeeper({ keepMs: null }).tick();
    expect((await engine.query<{ hash: string }>('SELECT hash FROM blobs ORDER BY hash')).map(({ hash }) => hash)).toEqual([
      'put again',
      'used',
    ]);
  });

  it('forgets dead workers, ended sign-ins, old slots, keys of machines and of steps, and keeps what is in use', async () => {
    const day = (days: number) => new Date(clock.time - days * DAY_MS);
    await engine.query(
      `INSERT INTO workers (id, host, pid, roles, queues, expires_at, ended_at) VALUES
         (new_id(), 'dead', 1, '{}', '{}', $1, $1), (new_id(), 'ended', 1, '{}', '{}', $2, $2)`,
      [day(2), day(0.5)],
    );
    await engine.query(
      `INSERT INTO sessions (tenant, token_hash, user_id, expires_at) VALUES ('t', 'over', new_id(), $1), ('t', 'on', new_id(), $2)`,
      [day(1), day(-1)],
    );
    await engine.query(
      `INSERT INTO api_keys (tenant, name, role, key_hash, created_by, expires_at, revoked_at) VALUES
         ('t', 'expired', 'admin', 'a', '{}', $1, NULL), ('t', 'revoked', 'admin', 'b', '{}', $3, $1), ('t', 'just revoked', 'admin', 'c', '{}', $3, $2), ('t', 'on', 'admin', 'd', '{}', $3, NULL)`,
      [day(100), day(1), day(-1)],
    );
    await engine.query(
      `INSERT INTO schedules (tenant, id, workflow, cron, zone, overlap, catch_up, settled_until) VALUES ('t', 's', 'w', '0 0 * * *', 'UTC', 'skip', 'all', $1)`,
      [day(80)],
    );
    await engine.query(
      `INSERT INTO slots (tenant, schedule, due_at, outcome, settled_at) VALUES ('t', 's', $1, 'fired', $1), ('t', 's', $2, 'skipped', $1), ('t', 's', $3, 'fired', $3)`,
      [...[day(100), day(70), day(10)]],
    );
    await engine.query(
      `INSERT INTO emissions (tenant, emitter, record_key, run_id) VALUES ('t', 'e', 'old', uuid_floor($1)), ('t', 'e', 'new', uuid_floor($2))`,
      [day(500), day(1)],
    );
    await engine.query(
      `INSERT INTO step_keys VALUES ('t', 'key', 'over', '', $3::timestamptz, 'null', $1::timestamptz), ('t', 'cache', 'over', '', $3, 'null', $1), ('t', 'key', 'abandoned', '', $1, NULL, NULL),
         ('t', 'key', 'on', '', $1, 'null', $2), ('t', 'key', 'in progress', '', $2, NULL, NULL)`,
      [day(2), day(0.5), day(9)],
    );
    const names = async (table: string, column: string) =>
      (await engine.query<{ name: string }>(`SELECT ${column}::text AS name FROM ${table} ORDER BY 1`)).map(({ name }) => name);
    await housekeeper().tick();
    expect(await names('workers', 'host')).not.toContain('dead');
    expect(await names('workers', 'host')).toContain('ended');
    expect(await names('sessions', 'token_hash')).toEqual(['on']);
    expect(await names('api_keys', 'name')).toEqual(['just revoked', 'on']);
    expect(await names('step_keys', 'key')).toEqual(['in progress', 'on']);
    // The one behind what its schedule has settled still decides.
    expect(await names('slots', 'outcome')).toEqual(['fired', 'skipped']);
    expect(await names('emissions', 'record_key')).toEqual(['new', 'old']);
    await engine.query('TRUNCATE housekeeping');
    await housekeeper({ keepEmissionsMs: 400 * DAY_MS }).tick();
    expect(await names('emissions', 'record_key')).toEqual(['new']);
  });

  it('frees the name of a session that is over for as long as runs are kept, once it has no run left', async () => {
    await engine.query(
      `INSERT INTO run_sessions (tenant, name, status, data, expires_at, created_at)
       SELECT $1, name, status, 'null', expires_at, created_at FROM (VALUES
         ('completed', 'completed', NULL, $2::timestamptz), ('expired', 'paused', $2, $2), ('has a run', 'completed', NULL, $2),
         ('on', 'active', NULL, $2), ('just expired', 'active', $3, $2), ('new', 'completed', NULL, $3)
       ) AS s(name, status, expires_at, created_at)`,
      [TENANT, new Date(clock.time - 70 * DAY_MS), new Date(clock.time - DAY_MS)],
    );
    await engine.query(`INSERT INTO run_session_changes (tenant, session, key) SELECT tenant, name, 'k' FROM run_sessions`);
    await makeRuns(engine.database.pool, 1, { session: 'has a run' });
    await housekeeper({ keepMs: null }).tick();
    await engine.query('TRUNCATE housekeeping');
    expect(await engine.query('SELECT FROM run_sessions')).toHaveLength(6);
    await housekeeper().tick();
    const left = ['has a run', 'just expired', 'new', 'on'].map((name) => ({ name }));
    expect(await engine.query('SELECT name FROM run_sessions ORDER BY name')).toEqual(left);
    expect(await engine.query('SELECT session AS name FROM run_session_changes ORDER BY session')).toEqual(left);
  });

  it('makes up for months in which nothing ran, also in a process that only slept', async () => {
    await engine.query(`DO $$ DECLARE part text; BEGIN
      FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent::regclass::text IN ('runs', 'journal') LOOP EXECUTE 'DROP TABLE ' || part; END LOOP; END $$`);
    await expect(makeRuns(engine.database.pool, 1)).rejects.toThrow('no partition of relation');
    clock.time = Date.now();
    const one = housekeeper({ makesPasses: false });
    clock.time += 3 * DAY_MS;
    await one.tick();
    const id = await engine.start('order', { waits: false });
    await engine.waitFor(id, RunStatus.completed);
  });

  it('makes partitions while the tables are in use, and says so and tries again when it cannot', async () => {
    const writer = await engine.database.pool.connect();
    await writer.query('BEGIN');
    await makeRuns(engine.database.pool, 1);
    await writer.query(`UPDATE runs SET attention = attention`);
    const [last] = await engine.query<{ name: string }>(
      `SELECT max(inhrelid::regclass::text) AS name FROM pg_inherits WHERE inhparent = 'audit_log'::regclass`,
    );
    await engine.query(`ALTER TABLE audit_log DETACH PARTITION ${last?.name}`);
    await engine.query(`ALTER TABLE ${last?.name} RENAME TO away`);
    await engine.query(`SELECT ensure_partitions()`);
    // Made beside a writer of another table; and of the table itself:
    const [newest] = await engine.query<{ name: string }>(
      `SELECT max(inhrelid::regclass::text) AS name FROM pg_inherits WHERE inhparent = 'audit_log'::regclass`,
    );
    expect(newest?.name).toBe(last?.name);
    await engine.query(`SELECT ensure_partitions(clock_timestamp() + interval '3 months')`);
    await writer.query('COMMIT');
    writer.release();

    const one = housekeeper({ makesPasses: false });
    const failing = jest.spyOn(pool, 'query').mockImplementation(() => {
      throw new Error('connection refused');
    });
    await nextDay(one, 1.1);
    failing.mockRestore();
    await engine.query(`DROP TABLE ${last?.name}`);
    clock.time += 30_000;
    await one.tick();
    expect(await engine.query('SELECT to_regclass($1) AS name', [last?.name])).toEqual([{ name: null }]);
    clock.time += 31_000;
    await one.tick();
    expect(await engine.query('SELECT to_regclass($1)::text AS name', [last?.name])).toEqual([{ name: last?.name }]);
  });

  it('is broken off by a stop, however long it takes, and leaves nothing half done', async () => {
    await makeEnded(engine.database.pool, 5);
    // All of it is old enough to go.
    await noticed(engine.database.pool);
    const blocker = await engine.database.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE');
    const one = housekeeper();
    const ticking = one.tick();
    await until(
      () =>
        engine.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'housekeeping' AND wait_event_type = 'Lock'`,
        ),
      ([row]) => row?.n === 1,
      'It should wait for the tasks',
    );
    await one.stop();
    await ticking;
    const left = await engine.query('SELECT FROM runs');
    expect([0, 5]).toContain(left.length);
    await blocker.query('ROLLBACK');
    blocker.release();
    await engine.query('TRUNCATE housekeeping');
    await housekeeper().tick();
    expect(await states('runs')).toEqual(['dropped']);
    for (const table of ['runs', 'journal', 'tasks', 'task_history'])
      expect([table, await partitionNow(engine.database.pool, table)]).toEqual([table, null]);
    expect(await engine.query(`SELECT relname FROM pg_class WHERE relname LIKE '%fresh'`)).toEqual([]);
  });
});
