import { RunStatus } from '@stepwell/contracts';
import { emitter, type RecordBatch, type RecordContext, type RecordSource, type SourceRecord, Step, workflow } from '@stepwell/sdk';
import { IsInt } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { HeldTimers } from './held-timers.js';
import { type Gate, gate, StandingBetween } from './standing-between.js';

class Item {
  @IsInt()
  number!: number;
}

type Batch = RecordBatch<unknown, unknown>;
/** What the source does next; set by each test. */
let read: (ctx: RecordContext<unknown>) => Promise<Batch> | Batch = () => ({ records: [], rejected: [], cursor: null, done: true });
let lastSignal: AbortSignal | undefined;
const reads: { runId: string; cursor: unknown }[] = [];

/** Of no other timer: a test says when it is over. */
const TIMEOUT_MS = 97;

@Step({ id: 'read-hurriedly', retry: { attempts: 3, backoff: '1ms' }, timeout: `${TIMEOUT_MS}ms` })
class Hurried implements RecordSource<unknown, unknown> {
  read = async (ctx: RecordContext<unknown>): Promise<Batch> => {
    lastSignal = ctx.signal;
    return read(ctx);
  };
}

@Step({ id: 'read-items', retry: { attempts: 3, backoff: '1ms' } })
class Items implements RecordSource<unknown, unknown> {
  read = async (ctx: RecordContext<unknown>): Promise<Batch> => {
    reads.push({ runId: ctx.runId, cursor: ctx.cursor });
    return read(ctx);
  };
}

const item = workflow<Item>('item', { version: 1, input: Item }).then('work', (ctx) => ctx.input.number);
const items = emitter('items', { version: 1, source: Items, processor: 'item', batchSize: 10 });
const hurried = emitter('hurried', { version: 1, source: Hurried, processor: 'item' });
const calm = emitter('calm', { version: 1, source: Items, processor: 'item', batchSize: 1_000 });

const record = (number: number, key = `k${number}`): SourceRecord<unknown> => ({ key, input: { number }, position: number });
/** Reads numbers from the cursor to `last`, as many as may be read. */
const numbers =
  (last: number) =>
  (ctx: RecordContext<unknown>): Batch => {
    const from = (ctx.cursor as number | null) ?? 0;
    const to = Math.min(from + ctx.limit, last);
    return {
      records: Array.from({ length: to - from }, (_, index) => record(from + index)),
      rejected: [],
      cursor: to,
      done: to === last,
    };
  };

/** In this database only: other tests have theirs on the same server. */
const BREAK_OPEN_TRANSACTIONS =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()";

describe('an emitter', () => {
  let engine: Engine;
  let timers: HeldTimers;
  const between = new StandingBetween();
  beforeEach(async () => {
    reads.length = 0;
    timers = new HeldTimers(TIMEOUT_MS);
    engine = await startEngine({
      workflows: [item, items, hurried, calm],
      providers: [Items, Hurried],
      timers,
      sql: between.sql,
      committer: between.committer,
    });
  });
  afterEach(() => engine.close());

  /** G7: counted in one snapshot, from rows alone. */
  const ledger = async (emitterName = 'items') => {
    const [row] = await engine.query<Record<string, number>>(
      `SELECT count(*)::int AS read, count(*) FILTER (WHERE e.outcome = 'rejected')::int AS rejected,
         count(*) FILTER (WHERE e.outcome = 'deduplicated')::int AS deduplicated, count(*) FILTER (WHERE e.outcome = 'started')::int AS started,
         count(r.id)::int AS runs
       FROM emission_reads e LEFT JOIN runs r ON r.id = e.run_id AND e.outcome = 'started' WHERE e.emitter = $1`,
      [emitterName],
    );
    return row as { read: number; rejected: number; deduplicated: number; started: number; runs: number };
  };
  const balanced = async (emitterName = 'items') => {
    const one = await ledger(emitterName);
    expect(one.read).toBe(one.rejected + one.deduplicated + one.started);
    expect(one.runs).toBe(one.started);
    const doubles = await engine.query(
      `SELECT record_key FROM emission_reads WHERE emitter = $1 AND outcome = 'started' GROUP BY record_key HAVING count(*) > 1`,
      [emitterName],
    );
    expect(doubles).toEqual([]);
    return one;
  };
  const cursor = async () => (await engine.query<{ cursor: unknown }>(`SELECT cursor FROM emitter_cursors`))[0]?.cursor;
  const allDone = () =>
    until(
      () => engine.query(`SELECT 1 FROM runs WHERE workflow = 'item' AND status <> 'completed'`),
      (rows) => rows.length === 0,
      'All processors should complete',
    );

  it('starts one run per record, batch by batch, and says what it did', async () => {
    read = numbers(35);
    const runId = await engine.start('items');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ read: 35, rejected: 0, deduplicated: 0, started: 35 });
    expect(reads.map((one) => one.cursor)).toEqual([null, 10, 20, 30]);
    expect(await cursor()).toBe(35);
    await allDone();
    expect(await balanced()).toMatchObject({ read: 35, started: 35 });
    const [run] = await engine.query(`SELECT started_by, cause_run FROM runs WHERE workflow = 'item' LIMIT 1`);
    expect(run).toEqual({ started_by: 'emitter', cause_run: runId });
  });

  it('goes on from its cursor in the next run, and starts nothing for what it has seen', async () => {
    read = numbers(15);
    await engine.waitFor(await engine.start('items'), RunStatus.completed);
    read = numbers(20);
    const second = await engine.start('items');
    await engine.waitFor(second, RunStatus.completed);
    expect(await engine.output(second)).toMatchObject({ read: 5, started: 5 });
    read = (ctx) => ({ ...numbers(20)({ ...ctx, cursor: null }), cursor: 20, done: true });
    const third = await engine.start('items');
    await engine.waitFor(third, RunStatus.completed);
    expect(await engine.output(third)).toMatchObject({ read: 10, deduplicated: 10, started: 0 });
    expect(await balanced()).toMatchObject({ read: 30, started: 20, deduplicated: 10 });
    const [first] = await engine.query(
      `SELECT d.run_id = s.run_id AS same FROM emission_reads d JOIN emission_reads s USING (emitter, record_key)
       WHERE d.outcome = 'deduplicated' AND s.outcome = 'started' LIMIT 1`,
    );
    expect(first).toEqual({ same: true });
  });

  it('takes the first of equal keys in one batch', async () => {
    read = () => ({
      records: [record(3, 'b'), record(1, 'a'), record(2, 'a'), record(4, 'b'), record(5, 'c')],
      rejected: [],
      cursor: 1,
      done: true,
    });
    const runId = await engine.start('items');
    await engine.waitFor(runId, RunStatus.completed);
    await allDone();
    expect(await balanced()).toMatchObject({ read: 5, deduplicated: 2, started: 3 });
    const outputs = await engine.query<{ output: number }>(
      `SELECT (payload ->> 'output')::int AS output FROM journal WHERE path = 'work' ORDER BY 1`,
    );
    expect(outputs.map(({ output }) => output)).toEqual([1, 3, 5]);
  });

  it('rejects records that do not fit or cannot be kept, each with its reason, and the rest goes on', async () => {
    read = () => ({
      records: [
        record(1),
        { key: 'text', input: { number: 'two' }, position: 2 },
        { key: '', input: { number: 3 }, position: 3 },
        { key: 'k'.repeat(600), input: { number: 4 }, position: 4 },
        { key: 'nul\u0000', input: { number: 5 }, position: 5 },
        { key: 'date', input: { number: new Date() }, position: 6 },
        { key: 'more', input: { number: 7, more: 1 }, position: 7 },
        { key: 7 as never, input: { number: 8 }, position: 2 ** 40 },
      ],
      rejected: [{ position: 9, reason: `broken\u0000 quote ${'!'.repeat(2_000)}`, excerpt: '\ud800 half' }],
      cursor: 9,
      done: true,
    });
    const runId = await engine.start('items');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ read: 9, rejected: 8, deduplicated: 0, started: 1 });
    await balanced();
    const rejected = await engine.query<{ position: number | null; reason: string; excerpt: string | null }>(
      `SELECT position, reason, excerpt FROM emission_reads WHERE outcome = 'rejected' ORDER BY position NULLS LAST`,
    );
    expect(rejected.map(({ position }) => position)).toEqual([2, 3, 4, 5, 6, 7, 9, null]);
    expect(rejected[0]?.reason).toBe('number: Needs a whole number');
    expect(rejected[1]?.reason).toBe('it has no key');
    expect(rejected[6]?.reason).toMatch(/^broken quote !{900,}$/);
    expect(rejected[6]?.excerpt).toBe('\ufffd half');
  });

  it('rejects what is no record at all, and says so where a source gives no reason in words', async () => {
    let deep: unknown = [];
    for (let level = 0; level < 50_000; level++) deep = [deep];
    const reasons = [undefined, '', Object.create(null), deep, new Error('torn')];
    read = () => ({
      records: [null, undefined, 7, record(1)] as never,
      rejected: [null, undefined, 7, ...reasons.map((reason, position) => ({ position, reason }))] as never,
      cursor: 1,
      done: true,
    });
    const runId = await engine.start('calm');
    await engine.waitFor(runId, RunStatus.completed, RunStatus.failed);
    expect(await engine.output(runId)).toEqual({ read: 12, rejected: 11, deduplicated: 0, started: 1 });
    const rejected = await engine.query<{ reason: string; number: number }>(
      `SELECT reason, count(*)::int AS number FROM emission_reads WHERE outcome = 'rejected' GROUP BY reason ORDER BY reason`,
    );
    expect(rejected.map(({ reason, number }) => [reason, number])).toEqual([['it has no key', 3], ['its source gives no reason', 7], ['torn', 1]]); // prettier-ignore
    await balanced('calm');
  });

  it('asks a source that throws again, by its policy, and fails when it goes on', async () => {
    let left = 2;
    read = (ctx) => {
      if (ctx.cursor === 10 && left-- > 0) throw new Error('the file is locked');
      return numbers(20)(ctx);
    };
    const runId = await engine.start('items');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toMatchObject({ started: 20 });
    read = () => Promise.reject(new Error('the file is gone'));
    const second = await engine.start('items');
    expect(await engine.waitFor(second, RunStatus.failed)).toMatchObject({ error_message: 'the file is gone' });
    expect(reads.filter((one) => one.runId === second)).toHaveLength(3);
  });

  it('gives up on a source that takes too long, and does not keep what it brings then', async () => {
    const late: Gate[] = [];
    read = async (ctx) => {
      const mine = gate();
      late.push(mine);
      await mine.opened;
      return numbers(5)(ctx);
    };
    const runId = await engine.start('hurried');
    for (const attempt of [1, 2, 3]) {
      await until(() => late.length, (count) => count === attempt, `It should be read for the time ${attempt}`); // prettier-ignore
      timers.ring(TIMEOUT_MS);
    }
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'STEP_TIMED_OUT' });
    for (const one of late) one.open();
    expect(late).toHaveLength(3);
    expect(await ledger('hurried')).toMatchObject({ read: 0 });
  });

  it('keeps nothing of a batch whose time ran out while it was being written', async () => {
    read = numbers(5);
    await engine.waitFor(await engine.start('hurried'), RunStatus.completed);
    read = numbers(8);
    const client = await engine.database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM emitter_cursors FOR UPDATE');
    const runId = await engine.start('hurried');
    await until(
      () =>
        engine.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%emitter_cursors%'`,
        ),
      (rows) => rows.length > 0,
      'The batch should wait for the cursor',
    );
    const fenced = between.hold('commit', 'attempt.failed read-hurriedly');
    timers.ring(TIMEOUT_MS);
    expect(lastSignal?.aborted).toBe(true);
    await client.query('COMMIT');
    client.release();
    await fenced.arrived;
    expect(await ledger('hurried')).toMatchObject({ read: 5 });
    fenced.release();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await balanced('hurried')).toMatchObject({ read: 8, started: 8 });
  });

  it.each([
    ['nothing', () => undefined as never],
    ['too much', () => ({ records: Array.from({ length: 11 }, (_, index) => record(index)), rejected: [], cursor: 1, done: true })],
    ['a cursor that is not JSON', () => ({ records: [], rejected: [], cursor: new Date(), done: true })],
    ['no progress for ever', () => ({ records: [], rejected: [], cursor: null, done: false })],
  ])('stops at a source that breaks its contract: %s', async (_, broken) => {
    read = broken;
    const runId = await engine.start('items');
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'OPTION_INVALID' });
    expect(reads).toHaveLength(1);
  });

  it('goes on where it stood when its worker is lost in the middle of a batch', async () => {
    read = numbers(30);
    const seal = between.hold('commit-via', 'batch.emitted read-items');
    const runId = await engine.start('items');
    await seal.arrived;
    seal.release();
    const second = between.hold('commit-via', 'batch.emitted read-items');
    await second.arrived;
    // Its first batch is kept; the second is written, but not committed, when the lease passes on. Nobody waits for the lost worker.
    await engine.query(BREAK_OPEN_TRANSACTIONS);
    await engine.query(`UPDATE runs SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE id = $1`, [runId]);
    await engine.spawn({ sql: (sql) => sql, committer: (committer) => committer });
    await engine.waitFor(runId, RunStatus.completed);
    second.release();
    expect(await engine.output(runId)).toMatchObject({ read: 30, started: 30 });
    await allDone();
    expect(await balanced()).toMatchObject({ read: 30, started: 30, deduplicated: 0 });
  });

  it('shares the work with another run of itself: nothing twice, nothing lost, nothing read back', async () => {
    const both = gate();
    let inside = 0;
    read = async (ctx) => {
      if (++inside === 2) both.open();
      // Both have read the same cursor before either commits.
      if (inside <= 2) await both.opened;
      return numbers(200)(ctx);
    };
    const other = await engine.spawn();
    const request = { tenant: TENANT, workflow: 'items', input: null, actor: null };
    const runs = await Promise.all([engine.runs.start(request), other.runs.start(request)]);
    for (const { runId } of runs) await engine.waitFor(runId, RunStatus.completed);
    await allDone();
    expect(await balanced()).toMatchObject({ read: 200, started: 200, deduplicated: 0 });
    expect(await cursor()).toBe(200);
    const moves = await engine.query<{ cursor: number }>(
      `SELECT (payload ->> 'cursor')::int AS cursor FROM journal WHERE type = 'batch.emitted' AND (payload ->> 'read')::int > 0 ORDER BY at`,
    );
    expect(moves.map((one) => one.cursor)).toEqual(Array.from({ length: 20 }, (_, index) => (index + 1) * 10));
  });

  it('finds the same records new only once when two runs read the same source without a cursor', async () => {
    read = () => ({ records: Array.from({ length: 300 }, (_, index) => record(index)), rejected: [], cursor: null, done: true });
    const other = await engine.spawn();
    const request = { tenant: TENANT, workflow: 'calm', input: null, actor: null };
    const runs = await Promise.all([engine.runs.start(request), other.runs.start(request), engine.runs.start(request)]);
    for (const { runId } of runs) await engine.waitFor(runId, RunStatus.completed);
    await allDone();
    expect(await balanced('calm')).toMatchObject({ read: 900, started: 300, deduplicated: 600 });
  });

  it('is no failed attempt when the database is lost during a batch', async () => {
    read = numbers(10);
    const seal = between.hold('commit-via', 'batch.emitted read-items');
    const runId = await engine.start('items');
    await seal.arrived;
    await engine.query(BREAK_OPEN_TRANSACTIONS);
    seal.release();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.types(runId)).not.toContain('attempt.failed');
    expect(await balanced()).toMatchObject({ read: 10, started: 10 });
  });

  it('can be canceled between two batches', async () => {
    const may = gate();
    read = async (ctx) => {
      if (ctx.cursor === 10) await may.opened;
      return numbers(1_000)(ctx);
    };
    const runId = await engine.start('items');
    await until(
      () => reads.length,
      (count) => count === 2,
      'The second batch should be read',
    );
    await engine.runs.cancel({ tenant: TENANT, runId, actor: null, reason: null });
    may.open();
    await engine.waitFor(runId, RunStatus.canceled);
    expect((await balanced()).started).toBeLessThanOrEqual(20);
  });

  it('that waits for room says so once, and is given back when its run is paused', async () => {
    await engine.close();
    let isFull = true;
    const looks: Gate = gate();
    const roomForEmitter = async (_tenant: string, goOn: () => void) => {
      for (let count = 0; isFull; count++) {
        goOn();
        if (count === 3) looks.open();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    read = numbers(30);
    engine = await startEngine({ workflows: [item, items], providers: [Items], roomForEmitter, worker: { reportMs: 50 } });
    const runId = await engine.start('items');
    await looks.opened;
    const request = { tenant: TENANT, runId, actor: null, reason: null };
    await engine.process.signals.pause(request);
    expect(await engine.waitFor(runId, RunStatus.paused)).toMatchObject({ worker: null });
    expect(reads).toEqual([]);
    isFull = false;
    await engine.process.signals.resume(request);
    await engine.waitFor(runId, RunStatus.completed);
    expect(reads.map(({ cursor }) => cursor)).toEqual([null, 10, 20]);
    expect((await engine.types(runId)).filter((type) => type === 'attempt.failed')).toEqual([]);
    const said = engine.process.log.filter(({ level }) => level === 'warn' || level === 'error');
    expect(said).toMatchObject([{ message: 'An emitter waits until there is room in the queue', fields: { runId, workflow: 'items' } }]);
  });

  it('waits while the queue is full, without an attempt that fails or a batch that is read, and goes on elsewhere when its worker stops', async () => {
    await engine.close();
    let isFull = true;
    const looks: Gate = gate();
    const roomForEmitter = async (_tenant: string, goOn: () => void) => {
      while (isFull) {
        goOn();
        looks.open();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    read = numbers(30);
    // A drain waits for handlers that run, and this is none.
    engine = await startEngine({ workflows: [item, items], providers: [Items], roomForEmitter, worker: { drainMs: 600_000 } });
    const runId = await engine.start('items');
    await looks.opened;
    expect(reads).toEqual([]);
    await engine.process.stop();
    isFull = false;
    await engine.spawn();
    await engine.waitFor(runId, RunStatus.completed);
    expect((await engine.types(runId)).filter((type) => type.startsWith('attempt.failed'))).toEqual([]);
    expect(reads.map(({ cursor }) => cursor)).toEqual([null, 10, 20]);
  });
});
