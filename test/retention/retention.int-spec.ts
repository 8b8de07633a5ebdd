/** Dropping old months: what goes, what stays, and that nobody who works meanwhile loses anything. */
import {
  appendInbox,
  applyRetention,
  type AtStep,
  claimRuns,
  flush,
  MOST_STRAGGLERS,
  pgSql,
  type PartName,
  readChain,
  readJournals,
  readLedgers,
} from '@stepwell/storage';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import {
  commitOf,
  DAY_MS,
  farAhead,
  isOfNow,
  makeEnded,
  makeRuns,
  noticed,
  partitionNow,
  TENANT,
  untilBlocked,
  WORKER,
} from './old-month.js';

let database: TestDatabase;
let pool: pg.Pool;
/** Of whoever works meanwhile: prepared statements and generic plans, as the engine has them. */
let engine: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  engine = new pg.Pool({ connectionString: database.url, max: 1, options: '-c plan_cache_mode=force_generic_plan' });
});
afterAll(async () => {
  await engine.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query('SELECT ensure_partitions()');
  await pool.query(
    'TRUNCATE runs, journal, blobs, inbox, tasks, task_history, decisions, task_comments, events, event_deliveries, emission_reads, retention, run_keys',
  );
  await noticed(pool);
});

async function pass(atStep?: AtStep, request = farAhead()) {
  const decisions = await applyRetention(pool, request, atStep);
  return (part: PartName) => decisions.filter((one) => one.part === part && one.total > 0);
}

const count = async (table: string): Promise<number> =>
  (await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n ?? -1;

describe('an old month', () => {
  it('in which everything has ended is dropped, with facts, tasks and events', async () => {
    await makeEnded(pool, 5);
    await pool.query(
      `INSERT INTO events (tenant, id, name, routed) SELECT 'default', new_id(), 'order.placed', true FROM generate_series(1, 3)`,
    );
    const decided = await pass();
    expect((['runs', 'tasks', 'events'] as const).map((part) => decided(part).map(({ state, total }) => [state, total]))).toEqual([
      [['dropped', 5]],
      [['dropped', 5]],
      [['dropped', 3]],
    ]);
    for (const table of [
      'runs',
      'journal',
      'blobs',
      'emission_reads',
      'tasks',
      'task_history',
      'decisions',
      'task_comments',
      'events',
      'event_deliveries',
      'audit_log',
    ])
      expect([table, await partitionNow(pool, table)]).toEqual([table, null]);
    expect(await count('runs')).toBe(0);
  });

  it('is dropped a day after it was noticed, not before; and a clock that was ahead for a while notices anew', async () => {
    await pool.query('TRUNCATE retention');
    await makeEnded(pool, 2);
    expect((await pass())('runs')).toMatchObject([{ state: 'noticed', isNews: true }]);
    expect((await pass(undefined, farAhead(0.9)))('runs')).toMatchObject([{ state: 'noticed', isNews: false }]);
    // Noticed in what is the future now.
    expect((await pass(undefined, farAhead(-10)))('runs')).toMatchObject([{ state: 'noticed' }]);
    expect((await pass(undefined, farAhead(-9.5)))('runs')).toMatchObject([{ state: 'noticed' }]);
    expect(await count('runs')).toBe(2);
    expect((await pass(undefined, farAhead(-9)))('runs')).toMatchObject([{ state: 'dropped' }]);
  });

  it('stays as long as its runs ended more recently than the retention', async () => {
    await makeEnded(pool, 4);
    const { now, keepMs } = farAhead();
    await pool.query('UPDATE runs SET ended_at = $1', [new Date(now - keepMs + 5 * DAY_MS)]);
    expect((await pass())('runs')).toMatchObject([
      {
        state: 'waiting',
        kept: 4,
        reason: expect.stringContaining('of its 4 rows of runs, 4 ended too short a time ago; moving them would free less than half'),
      },
    ]);
    expect((await pass(undefined, farAhead(6)))('runs')).toMatchObject([{ state: 'dropped' }]);
  });

  it('keeps a run, and what belongs to it, as long as the one that retries it', async () => {
    const [first] = await makeEnded(pool, 5);
    const [retry] = await makeRuns(pool, 1);
    await pool.query('UPDATE runs SET retried_as = $2 WHERE id = $1', [first, retry]);
    await pool.query('UPDATE runs SET retry_of = $2, lineage_root = $2 WHERE id = $1', [retry, first]);
    expect((await pass())('runs')).toMatchObject([
      { state: 'reduced', reason: expect.stringContaining('1 have not ended, 1 are retried by runs that stay') as string },
    ]);
    expect((await pool.query('SELECT id FROM runs ORDER BY id')).rows).toEqual([{ id: first }, { id: retry }]);
    expect((await pool.query('SELECT run_id FROM tasks')).rows).toEqual([{ run_id: first }]);
    await pool.query(`UPDATE runs SET status = 'completed', ended_at = clock_timestamp() WHERE id = $1`, [retry]);
    await pass();
    expect(await count('runs')).toBe(0);
  });

  describe('with records of decisions', () => {
    beforeEach(() => pool.query('TRUNCATE decision_seals'));

    async function sealAll(): Promise<void> {
      await pool.query(`INSERT INTO decisions SELECT tenant, id, new_id(), '{}' FROM tasks`);
      await pool.query(`INSERT INTO decision_seals (tenant, id, task_id, seq, content, hash, sealed_at)
        SELECT tenant, id, task_id, row_number() OVER (ORDER BY task_id), '', '', clock_timestamp() FROM decisions`);
    }
    const dropped = async () => (await readChain(pgSql(pool), TENANT, 0, 9)).map((seal) => seal.is_dropped);

    it('says of them for ever that they went, also when what was left of it waits', async () => {
      await makeEnded(pool, 3);
      const [live] = await makeRuns(pool, 1);
      await pool.query(`INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form, status)
        VALUES ('default', new_id(), '${live}', 'ask', '', 'orders', 1, 'ask', 'Ask', 'Ask', '{}', 'completed')`);
      await sealAll();
      await pool.query(`INSERT INTO task_comments (tenant, task_id, text, author) SELECT tenant, id, 'Why?', '{}' FROM tasks`);
      expect((await pass())('tasks')).toMatchObject([{ state: 'reduced' }]);
      expect(await count('task_comments')).toBe(1);
      expect((await pass())('tasks')).toMatchObject([{ state: 'waiting' }]);
      expect(await dropped()).toEqual([true, true, true, false]);
    });

    it('says it, too, when the pass ends before it has written down what it did', async () => {
      await makeEnded(pool, 2);
      await sealAll();
      await pool.query(`ALTER TABLE retention ADD CONSTRAINT dies CHECK (part <> 'tasks' OR state <> 'dropped' OR total = 0)`);
      await expect(pass()).rejects.toThrow('dies');
      await pool.query('ALTER TABLE retention DROP CONSTRAINT dies');
      await pass();
      expect(await dropped()).toEqual([true, true]);
    });
  });

  it('with more stragglers than are moved is left alone, and says why', async () => {
    await makeEnded(pool, 1_500);
    await makeRuns(pool, MOST_STRAGGLERS + 1);
    expect((await pass())('runs')).toMatchObject([
      {
        state: 'waiting',
        total: 2_501,
        kept: 1_001,
        reason: expect.stringMatching(/of its 2,501 rows of runs, 1,001 have not ended; at most 1,000 are moved$/),
      },
    ]);
    expect([await count('runs'), await count('journal')]).toEqual([2_501, 2_501]);
    const { rows } = await pool.query(`SELECT state, kept::int FROM retention WHERE part = 'runs' AND total > 0`);
    expect(rows).toEqual([{ state: 'waiting', kept: 1_001 }]);
    await pool.query(
      `UPDATE runs SET status = 'canceled', ended_at = clock_timestamp() WHERE id = (SELECT id FROM runs WHERE status = 'queued' LIMIT 1)`,
    );
    expect((await pass())('runs')).toMatchObject([{ state: 'reduced', total: 2_501, kept: 1_000 }]);
    expect([await count('runs'), await count('journal')]).toEqual([1_000, 1_000]);
  });

  it('keeps what stragglers need, wherever it lies, and events that have not reached everybody', async () => {
    const [live = ''] = await makeRuns(pool, 1);
    await makeEnded(pool, 6);
    await pool.query(`INSERT INTO blobs (tenant, run_id, hash, data) SELECT tenant, id, 'h', '1' FROM runs`);
    await pool.query(`INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form, status)
      VALUES ('default', new_id(), '${live}', 'ask', '', 'orders', 1, 'ask', 'Ask', 'Decided', '{}', 'completed')`);
    await pool.query(`INSERT INTO task_history (tenant, task_id, kind) SELECT tenant, id, 'completed' FROM tasks`);
    await pool.query(`INSERT INTO events (tenant, id, name, routed, source_run) SELECT 'default', new_id(), name, routed, run::uuid FROM (VALUES
      ('of the straggler', true, '${live}'), ('to the straggler', true, NULL), ('new', false, NULL), ('pending', true, NULL),
      ('over', true, NULL), ('over', true, NULL), ('over', true, NULL), ('over', true, NULL)) v(name, routed, run)`);
    await pool.query(`INSERT INTO event_deliveries (tenant, event_id, consumer, status, run_id)
      SELECT tenant, id, 'wait:x', CASE name WHEN 'pending' THEN 'pending' ELSE 'woke' END, CASE name WHEN 'to the straggler' THEN '${live}'::uuid END FROM events`);
    const decided = await pass();
    expect(decided('events')).toMatchObject([
      {
        state: 'reduced',
        total: 8,
        kept: 4,
        reason: expect.stringContaining('1 have not been routed, 1 have deliveries that are pending, 2 belong to runs that stay'),
      },
    ]);
    expect([decided('runs'), decided('tasks')]).toMatchObject([[{ state: 'reduced', kept: 1 }], [{ state: 'reduced', kept: 1 }]]);
    const { rows: events } = await pool.query('SELECT name FROM events ORDER BY name');
    expect(events.map(({ name }) => name)).toEqual(['new', 'of the straggler', 'pending', 'to the straggler']);
    const kept = ['runs', 'journal', 'blobs', 'tasks', 'task_history', 'event_deliveries'];
    expect(await Promise.all(kept.map(count))).toEqual([1, 1, 1, 1, 1, 4]);
    // Under the same constraints, with the trigger that keeps what has ended.
    await pool.query(`UPDATE runs SET status = 'completed'`);
    await expect(pool.query(`UPDATE runs SET status = 'queued'`)).rejects.toThrow('it cannot become queued');
    await expect(pool.query(`INSERT INTO journal SELECT * FROM journal`)).rejects.toThrow('duplicate key');
  });

  it('is left for later when its tables are in use', async () => {
    await makeEnded(pool, 3);
    const reader = await pool.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT FROM journal');
    // Without a limit it would not come back at all.
    const decided = await pass();
    expect(decided('runs')).toMatchObject([{ state: 'busy', reason: expect.stringContaining('the tables were in use') }]);
    await reader.query('ROLLBACK');
    reader.release();
    expect(await count('runs')).toBe(3);
    const { rows } = await pool.query(`SELECT relname FROM pg_class WHERE relname LIKE '%fresh'`);
    expect(rows).toEqual([]);
    expect((await pass())('runs')).toMatchObject([{ state: 'dropped' }]);
  });

  it('of two passes at once is cleared by one, and the other harms nothing', async () => {
    const [live = ''] = await makeRuns(pool, 1, { worker: WORKER });
    await makeEnded(pool, 5);
    const outcomes = await Promise.allSettled([pass(), pass()]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect([await count('runs'), await count('journal')]).toEqual([1, 1]);
    expect(await flush(pgSql(engine), [commitOf(live)])).toHaveLength(1);
  });
});

describe('who works while a straggler is moved', () => {
  const sql = () => pgSql(engine);
  /** What is done to the straggler, and what must be true of it at last: leased runs have worker and epoch, others wait. */
  const works = {
    'commits a fact': {
      leased: true,
      work: async (id: string) => expect(await flush(sql(), [commitOf(id)])).toMatchObject([{ id, status: 'running' }]),
      after: { facts: 2, status: 'running', epoch: 1 },
    },
    'says something to it': {
      leased: false,
      work: async (runId: string) =>
        expect(
          await appendInbox(sql(), { tenant: TENANT, runId, kind: 'cancel.requested', dedupeKey: 'cancel', payload: null }),
        ).toMatchObject({
          kind: 'accepted',
          appended: true,
        }),
      after: { facts: 1, status: 'queued', epoch: 0 },
    },
    'claims it': {
      leased: false,
      work: async (id: string) =>
        expect((await claimRuns(sql(), { worker: WORKER, queues: ['default'], needs: ['orders@1'], limit: 5 })).runs).toMatchObject([
          { id, epoch: 1 },
        ]),
      after: { facts: 1, status: 'running', epoch: 1 },
    },
    'ends it': {
      leased: true,
      work: async (id: string) => {
        const end = { kind: 'end', status: 'completed', errorCode: null, errorMessage: null, closesRows: false } as const;
        expect(await flush(sql(), [{ ...commitOf(id), intent: end }])).toMatchObject([{ id, status: 'completed' }]);
      },
      after: { facts: 2, status: 'completed', epoch: 1 },
    },
  };
  const steps = ['prepared', 'swapped'] as const;

  it.each(steps.flatMap((step) => Object.keys(works).map((what) => ({ step, what: what as keyof typeof works }))))(
    '$what when it is $step, loses nothing',
    async ({ step, what }) => {
      const { leased, work, after } = works[what];
      const [live = '', other = ''] = await makeRuns(pool, 2, { worker: leased ? WORKER : null });
      await makeEnded(pool, 9);
      // Their plans are made, for the partitions as they are now.
      await flush(sql(), [commitOf(other)]);
      await claimRuns(sql(), { worker: WORKER, queues: ['nobody'], needs: [], limit: 1 });
      await pool.query(`UPDATE runs SET status = 'waiting', worker = NULL WHERE id = $1`, [other]);

      let working: Promise<unknown> | undefined;
      const decided = await pass(async (at, month) => {
        if (at !== step || !isOfNow(month)) return;
        working = work(live);
        working.catch(() => undefined);
        // Before the lock it is through; after it, it waits for the whole to be over.
        if (step === 'prepared') await working;
        else await untilBlocked(pool);
      });
      await working;
      expect(decided('runs')).toMatchObject([{ state: 'reduced' }]);
      const { rows } = await pool.query('SELECT status, epoch, last_seq FROM runs WHERE id = $1', [live]);
      // One that ends before the lock goes on as one that was found to have to stay.
      expect(rows).toEqual([{ status: after.status, epoch: after.epoch, last_seq: after.facts }]);
      const journals = await readJournals(sql(), [{ tenant: TENANT, id: live }]);
      expect(journals.get(live)?.map(({ seq }) => seq)).toEqual(Array.from({ length: after.facts }, (_, index) => index + 1));
      expect(await count('runs')).toBe(2);
    },
  );

  it('starts a run in the month itself, which then stays as well', async () => {
    await makeRuns(pool, 1);
    await makeEnded(pool, 5);
    const started: string[] = [];
    const decided = await pass(async (at, month) => {
      if (at === 'prepared' && isOfNow(month)) started.push(...(await makeRuns(engine, 1)));
    });
    expect(decided('runs')).toMatchObject([{ state: 'reduced' }]);
    expect((await readJournals(sql(), [{ tenant: TENANT, id: started[0] ?? '' }])).size).toBe(1);
    expect(await count('runs')).toBe(2);
  });
});

describe('the ledger of an emitter', () => {
  it('adds up when the runs of its records have gone', async () => {
    // Two emitter runs: one of the old month that still lives, and one of the month after it; both have started runs in the old month.
    const [living = ''] = await makeRuns(pool, 1);
    const records = await makeEnded(pool, 6);
    const { rows } = await pool.query<{ id: string }>(
      `SELECT uuid_floor(date_trunc('month', clock_timestamp(), 'UTC') + interval '1 month') AS id`,
    );
    const later = rows[0]?.id;
    await pool.query(
      `INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome, record_key, run_id)
       SELECT 'default', CASE WHEN n <= 3 THEN $1::uuid ELSE $2::uuid END, 0, n, 'intake', 'started', n, id FROM unnest($3::uuid[]) WITH ORDINALITY AS r(id, n)`,
      [living, later, records],
    );
    await pool.query(
      `INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome) VALUES ('default', $1, 1, 0, 'intake', 'rejected')`,
      [living],
    );
    const sums = async () => {
      const ledger = (await readLedgers(pgSql(pool), TENANT, ['intake'])).get('intake');
      if (!ledger) return [];
      const { read, ...rest } = ledger;
      return [read, Object.values(rest).reduce((sum, one) => sum + one, 0)];
    };
    expect(await sums()).toEqual([7, 7]);
    const seen: number[][] = [];
    const decided = await pass(async (at, { part }) => void (at === 'prepared' && part.name === 'runs' && seen.push(await sums())));
    expect(decided('runs')).toMatchObject([{ state: 'reduced', kept: 1 }]);
    for (const [read, sum] of seen) expect(sum).toBe(read);
    expect(await sums()).toEqual([1, 1]);
  });
});
