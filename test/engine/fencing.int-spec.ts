import { RunStatus } from '@stepwell/contracts';
import { type RunCommit, UnstorableError } from '@stepwell/engine';
import { event, type Event, workflow } from '@stepwell/sdk';
import { claimRuns, flush, GroupCommitter, insertRuns, pgSql, uuidV7 } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { databaseError, type Gate, gate, StandingBetween } from './standing-between.js';

const NUL = String.fromCharCode(0);
const Odd: Event<unknown> = event<unknown>(`test.odd${NUL}`);

const entries = new Map<string, number>();
/** When a step was entered, by run. */
const times = new Map<string, number[]>();
const doors = new Map<string, { begun: Gate; mayEnd: Gate; aborted?: unknown }>();
const doorOf = (runId: string) => {
  const door = doors.get(runId) ?? { begun: gate(), mayEnd: gate() };
  doors.set(runId, door);
  return door;
};
const counted = (runId: string): number => {
  times.set(runId, [...(times.get(runId) ?? []), performance.now()]);
  entries.set(runId, (entries.get(runId) ?? 0) + 1);
  return entries.get(runId) as number;
};

const plain = workflow<unknown>('plain', { version: 1 })
  .then('one', (ctx) => counted(ctx.runId))
  .then('two', () => 2);
const slow = workflow<unknown>('slow', { version: 1 }).then('work', async (ctx) => {
  const entry = counted(ctx.runId);
  const door = doorOf(ctx.runId);
  if (entry > 1) return entry;
  ctx.signal.addEventListener('abort', () => (door.aborted = (ctx.signal.reason as Error).message));
  door.begun.open();
  await door.mayEnd.opened;
  return entry;
});
const waiting = workflow<unknown>('waiting', { version: 1 })
  .then('one', (ctx) => counted(ctx.runId))
  .wait('1h');
const large = workflow<{ size: number }>('large', { version: 1 })
  .then('make', (ctx) => ({ text: 'ö'.repeat(ctx.input.size) }))
  .wait('1ms')
  .then('read', (ctx) => ctx.resultOf<{ text: string }>('make').text.length);
const oddStep = workflow<unknown>('odd-step', { version: 1 }).then(
  'emit',
  (ctx) => {
    counted(ctx.runId);
    ctx.emit(Odd, 1);
  },
  { retry: { attempts: 5, backoff: '1ms' } },
);
const oddSeal = workflow<unknown>('odd-seal', { version: 1 }).then('emit', (ctx) =>
  ctx.transaction(async (manager) => {
    counted(ctx.runId);
    await manager.query('INSERT INTO cases VALUES ($1)', [ctx.runId]);
    ctx.emit(Odd, 1);
  }),
);
const oddNode = workflow<unknown>('odd-node', { version: 1 })
  .then('one', (ctx) => counted(ctx.runId))
  .emit(Odd, () => 1, { id: 'tell' });
const oddAfterSeal = workflow<unknown>('odd-after-seal', { version: 1 })
  .then('one', (ctx) => ctx.transaction((manager) => manager.query('INSERT INTO cases VALUES ($1)', [ctx.runId])))
  .emit(Odd, () => 1, { id: 'tell' });
const oddBranch = workflow<unknown>('odd-branch', { version: 1 }).parallel(
  { odd: (flow) => flow.then('emit', (ctx) => ctx.emit(Odd, 1)), fine: (flow) => flow.then('one', (ctx) => counted(ctx.runId)) },
  { mode: 'collect-all' },
);

/** What each attempt of a step would give an outside service, by run. */
const keysOf = new Map<string, string[]>();
const keyed = workflow<unknown>('keyed', { version: 1 }).then('one', (ctx) => {
  keysOf.set(ctx.runId, [...(keysOf.get(ctx.runId) ?? []), ctx.idempotencyKey]);
});

const WORKFLOWS = [plain, keyed, slow, waiting, large, oddStep, oddSeal, oddNode, oddAfterSeal, oddBranch];

describe('the fence', () => {
  let engine: Engine;
  const between = new StandingBetween();
  beforeAll(async () => {
    // It judges nobody before the tests are over: runs of workers that are no rows would be taken from them.
    const worker = { reportMs: 20, leaseMs: 600_000, sweepMs: 600_000 };
    engine = await startEngine({ workflows: WORKFLOWS, committer: between.committer, sql: between.sql, worker });
    await engine.query('CREATE TABLE cases (run_id uuid)');
  });
  afterAll(() => engine.close());

  const takeAway = (runId: string) =>
    engine.query(`UPDATE runs SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE id = $1`, [runId]);
  const outcomes = async (runId: string) => (await engine.types(runId)).filter((type) => type !== 'attempt.started');

  it('lets a zombie write nothing, and its neighbours of the batch everything', async () => {
    const sql = pgSql(engine.database.pool);
    const [worker, thief] = [uuidV7(), uuidV7()];
    const ids = Array.from({ length: 10 }, () => uuidV7());
    await insertRuns(
      sql,
      ids.map((id) => ({
        tenant: TENANT,
        id,
        workflow: 'foreign',
        version: 1,
        queue: 'foreign',
        worker,
        startedBy: 'api',
        actor: null,
        causeEvent: null,
        causeRun: null,
        key: null,
        input: '1',
        priority: 0,
        permitKey: null,
      })),
    );
    const stolen = ids.slice(0, 3);
    for (const id of stolen) await takeAway(id);
    await claimRuns(sql, { worker: thief, queues: ['foreign'], needs: ['foreign@1'], limit: 10 });
    const committer = new GroupCommitter(engine.pool);
    const results = await Promise.all(
      ids.map((id) =>
        committer.commit(commitOf(id, { events: [{ id: uuidV7(), name: 'x', payload: '1', idempotencyKey: null, path: '' }] })),
      ),
    );
    expect(results.map((result) => result?.id)).toEqual(ids.map((id) => (stolen.includes(id) ? undefined : id)));
    const written = await engine.query<{ run_id: string }>(
      `SELECT run_id FROM journal WHERE type = 'note' AND run_id = ANY($1) ORDER BY run_id`,
      [ids],
    );
    expect(written.map(({ run_id }) => run_id)).toEqual(ids.slice(3));
    expect(await engine.query('SELECT 1 FROM events WHERE source_run = ANY($1)', [ids])).toHaveLength(7);
    // A repeat of what was committed changes nothing either.
    const [fourth] = ids.slice(3);
    expect(await flush(sql, [commitOf(fourth as string)])).toEqual([]);
    await engine.query(`DELETE FROM runs WHERE workflow = 'foreign'`);
  });

  it('tells the old and the new owner of a run apart even when both have a commit ready in one process', async () => {
    const sql = pgSql(engine.database.pool);
    const id = uuidV7();
    await insertRuns(sql, [
      {
        tenant: TENANT,
        id,
        workflow: 'foreign',
        version: 1,
        queue: 'foreign',
        worker: uuidV7(),
        startedBy: 'api',
        actor: null,
        causeEvent: null,
        causeRun: null,
        key: null,
        input: '1',
        priority: 0,
        permitKey: null,
      },
    ]);
    await takeAway(id);
    await claimRuns(sql, { worker: uuidV7(), queues: ['foreign'], needs: ['foreign@1'], limit: 10 });
    const committer = new GroupCommitter(engine.pool);
    const outcomesOf = (more: { facts?: [] }) =>
      Promise.all([committer.commit(commitOf(id, more)), committer.commit(commitOf(id, { epoch: 3, ...more }))]);
    expect(await outcomesOf({ facts: [] })).toEqual([undefined, { id, attention: 0, status: RunStatus.running }]);
    expect(await outcomesOf({})).toEqual([undefined, { id, attention: 0, status: RunStatus.running }]);
    expect(await engine.query('SELECT seq FROM journal WHERE run_id = $1 ORDER BY seq', [id])).toEqual([{ seq: 1 }, { seq: 2 }]);
    await engine.query(`DELETE FROM runs WHERE workflow = 'foreign'`);
  });

  it('keeps nothing of a step that was taken over while it ran; it hears so from its signal', async () => {
    const runId = await engine.start('slow');
    await doorOf(runId).begun.opened;
    // It would hear of it by claiming the run anew.
    const claim = between.hold('claim-runs');
    await takeAway(runId);
    await until(
      () => doorOf(runId).aborted,
      (aborted) => aborted !== undefined,
      'The handler should be told',
    );
    claim.release();
    expect(doorOf(runId).aborted).toContain('another worker');
    await engine.waitFor(runId, RunStatus.completed);
    doorOf(runId).mayEnd.open();
    await until(
      () => outcomes(runId),
      (types) => types.includes('attempt.discarded'),
      'The late result should be recorded',
    );
    expect(await engine.output(runId)).toBe(2);
    expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'run.ended', 'attempt.discarded']);
  });

  it('makes a run of unknown outcome be claimed anew: what was committed counts, what was not is done again', async () => {
    const lost = between.fail('commit', () => new Error('Connection terminated unexpectedly'), 1, 'step.completed one');
    const runId = await engine.start('plain');
    await engine.waitFor(runId, RunStatus.completed);
    lost();
    expect(entries.get(runId)).toBe(2);
    expect((await engine.row(runId)).epoch).toBe(3);
    expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'step.completed', 'run.ended']);
  });

  it('does not run a step again whose commit went through although its answer was lost', async () => {
    const committer = engine.worker.store.committer;
    const commit = committer.commit.bind(committer);
    let lost = false;
    committer.commit = async (one) => {
      const outcome = await commit(one);
      if (lost || !one.facts.some(({ path }) => path === 'one')) return outcome;
      lost = true;
      throw new Error('Connection terminated unexpectedly');
    };
    const runId = await engine.start('plain');
    await engine.waitFor(runId, RunStatus.completed);
    committer.commit = commit;
    expect(lost).toBe(true);
    expect(entries.get(runId)).toBe(1);
    expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'step.completed', 'run.ended']);
  });

  it('does not spin on a run whose commits keep failing, and ends it when they no longer do', async () => {
    const stop = between.fail('commit', () => new Error('Connection terminated unexpectedly'), Infinity, 'step.completed work');
    const id = await engine.start('slow');
    entries.set(id, 1);
    doorOf(id).mayEnd.open();
    const [, , , fourth = NaN, fifth = NaN] = await until(
      () => times.get(id) ?? [],
      ({ length }) => length >= 5,
      'It should be tried again and again',
    );
    expect(fifth - fourth).toBeGreaterThan(200);
    stop();
    await engine.waitFor(id, RunStatus.completed);
  });

  it('does not spin on a run that it cannot fold', async () => {
    const runId = await engine.start('waiting');
    await engine.waitFor(runId, RunStatus.waiting);
    await engine.query(`INSERT INTO journal (tenant, run_id, seq, type) VALUES ($1, $2, 4, 'from.the.future')`, [TENANT, runId]);
    await engine.query(`UPDATE runs SET last_seq = 4, status = 'queued' WHERE id = $1`, [runId]);
    const before = between.seen.filter((name) => name === 'claim-runs').length;
    engine.hints.wake(['default']);
    const complaints = () => engine.process.log.filter(({ level, fields }) => level === 'error' && fields['runId'] === runId).length;
    await until(complaints, (count) => count >= 4, 'It should be tried again');
    expect(between.seen.filter((name) => name === 'claim-runs').length - before).toBeLessThan(12);
    await engine.query(`DELETE FROM journal WHERE run_id = $1 AND seq = 4`, [runId]);
    await engine.query(`UPDATE runs SET last_seq = 3 WHERE id = $1`, [runId]);
    await engine.waitFor(runId, RunStatus.waiting);
  });

  describe('around values that the database cannot store', () => {
    it('stores the other runs of the batch, and tells the culprit alone', async () => {
      const sql = pgSql(engine.database.pool);
      const ids = Array.from({ length: 9 }, () => uuidV7());
      await insertRuns(
        sql,
        ids.map((id) => ({
          tenant: TENANT,
          id,
          workflow: 'foreign',
          version: 1,
          queue: 'foreign',
          worker: uuidV7(),
          startedBy: 'api',
          actor: null,
          causeEvent: null,
          causeRun: null,
          key: null,
          input: '1',
          priority: 0,
          permitKey: null,
        })),
      );
      const committer = new GroupCommitter(engine.pool);
      const results = await Promise.allSettled(
        ids.map((id, index) => committer.commit(commitOf(id, index === 4 ? { payload: JSON.stringify({ bad: NUL }) } : {}))),
      );
      expect(results.map(({ status }) => status)).toEqual(ids.map((_, index) => (index === 4 ? 'rejected' : 'fulfilled')));
      expect((results[4] as PromiseRejectedResult).reason).toBeInstanceOf(UnstorableError);
      await engine.query(`DELETE FROM runs WHERE workflow = 'foreign'`);
    });

    it.each(['odd-step', 'odd-seal'])('fails the step that gave it, for good and once (%s)', async (name) => {
      const runId = await engine.start(name);
      const run = await engine.waitFor(runId, RunStatus.failed);
      expect(run).toMatchObject({ error_code: 'VALUE_NOT_STORABLE' });
      expect(run.error_message).toMatch(/^The database cannot store what "emit" gave: invalid byte sequence/);
      expect(entries.get(runId)).toBe(1);
      expect(await outcomes(runId)).toEqual(['run.started', 'attempt.failed', 'run.ended']);
      expect(await engine.query('SELECT 1 FROM cases WHERE run_id = $1', [runId])).toEqual([]);
    });

    it('keeps the step before it, when a node gave it', async () => {
      const runId = await engine.start('odd-node');
      const run = await engine.waitFor(runId, RunStatus.failed);
      expect(run.error_message).toContain('"tell"');
      expect(entries.get(runId)).toBe(1);
      expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'evaluation.failed', 'run.ended']);
    });

    it('keeps the transaction before it, when a node gave it', async () => {
      const runId = await engine.start('odd-after-seal');
      const run = await engine.waitFor(runId, RunStatus.failed);
      expect(run).toMatchObject({ error_code: 'VALUE_NOT_STORABLE' });
      expect(run.error_message).toContain('"tell"');
      expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'evaluation.failed', 'run.ended']);
      expect(await engine.query('SELECT run_id FROM cases WHERE run_id = $1', [runId])).toHaveLength(1);
    });

    it('fails the run visibly when no value stands out as the culprit, and never tries the step again', async () => {
      const cause = databaseError('22008');
      const stop = between.fail('commit', () => new UnstorableError('date out of range', { cause }), Infinity, 'step.completed one');
      const runId = await engine.start('plain');
      expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'VALUE_NOT_STORABLE' });
      stop();
      expect(entries.get(runId)).toBe(1);
      expect(await outcomes(runId)).toEqual(['run.started', 'attempt.failed', 'run.ended']);
    });

    it('blames nobody for a missing partition, and goes on when it is there', async () => {
      const cause = databaseError('23514');
      const stop = between.fail('commit', () => new UnstorableError('no partition', { cause }), 2, 'step.completed one');
      const runId = await engine.start('plain');
      await engine.waitFor(runId, RunStatus.completed);
      stop();
      expect(entries.get(runId)).toBe(3);
    });

    it('leaves the other branches alone', async () => {
      const runId = await engine.start('odd-branch');
      await engine.waitFor(runId, RunStatus.completed);
      expect(await engine.output(runId)).toMatchObject({
        odd: { status: 'failed', error: { code: 'VALUE_NOT_STORABLE' } },
        fine: { status: 'completed', output: 1 },
      });
    });
  });

  it.each(['40001', '40P01', '55P03', '57P01'])(
    'repeats a batch that the database rolled back with %s, without running anything again',
    async (code) => {
      let left = 3;
      const pool = engine.pool as unknown as { query: (...words: unknown[]) => Promise<unknown> };
      const query = pool.query.bind(pool);
      pool.query = (...words) =>
        (words[0] as { name?: string }).name === 'flush' && left-- > 0 ? Promise.reject(databaseError(code)) : query(...words);
      const runId = await engine.start('plain');
      await engine.waitFor(runId, RunStatus.completed);
      pool.query = query;
      expect(left).toBeLessThanOrEqual(0);
      expect(entries.get(runId)).toBe(1);
      expect((await engine.row(runId)).epoch).toBe(1);
    },
  );

  it('claims a run anew whose batch was ended with 57014: its attempt is made again under the same key, and none has failed', async () => {
    const pool = engine.pool as unknown as { query: (...words: unknown[]) => Promise<unknown> };
    const query = pool.query.bind(pool);
    let left = 1;
    pool.query = (...words) =>
      (words[0] as { name?: string }).name === 'flush' && left-- > 0 ? Promise.reject(databaseError('57014')) : query(...words);
    const runId = await engine.start('keyed');
    await engine.waitFor(runId, RunStatus.completed);
    pool.query = query;
    const keys = keysOf.get(runId) ?? [];
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect((await engine.row(runId)).epoch).toBeGreaterThan(1);
    expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'run.ended']);
  });

  it('repeats with a bound', async () => {
    let tries = 0;
    const failing = {
      query: () => {
        tries++;
        return Promise.reject(databaseError('40P01'));
      },
    };
    const committer = new GroupCommitter(failing as never);
    await expect(committer.commit(commitOf(uuidV7()))).rejects.toMatchObject({ name: 'UnknownOutcomeError' });
    expect(tries).toBe(6);
  });

  it.each([100, 100_000, 3_000_000])('keeps a payload of %i characters, and reads it back after a wait', async (size) => {
    const runId = await engine.start('large', { size });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe(size);
    const [fact] = await engine.query<{ inline: boolean; blobs: number }>(
      `SELECT payload IS NOT NULL AS inline, (SELECT count(*)::int FROM blobs b WHERE b.run_id = j.run_id) AS blobs
       FROM journal j WHERE run_id = $1 AND path = 'make'`,
      [runId],
    );
    expect(fact).toEqual(size > 60_000 ? { inline: false, blobs: 1 } : { inline: true, blobs: 0 });
  });
});

function commitOf(
  runId: string,
  more: { epoch?: number; lastSeq?: number; payload?: string; events?: RunCommit['events']; facts?: [] } = {},
): RunCommit {
  return {
    tenant: TENANT,
    runId,
    epoch: more.epoch ?? 1,
    lastSeq: more.lastSeq ?? 1,
    attention: 0,
    facts: more.facts ?? [{ type: 'note', path: '', iteration: '', attempt: 0, payload: more.payload ?? '1' }],
    intent: { kind: 'continue' },
    cancelRequested: false,
    consumed: [],
    tasks: [],
    events: more.events ?? [],
    dispatches: [],
    waits: [],
    settled: [],
    children: [],
    messages: [],
    workflow: 'foreign',
    version: 1,
  };
}
