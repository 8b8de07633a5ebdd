import { RunStatus } from '@stepwell/contracts';
import { UnknownOutcomeError } from '@stepwell/engine';
import { workflow } from '@stepwell/sdk';
import { appendInbox, inTransaction, pgSql, type Sql } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { type Gate, gate, StandingBetween } from './standing-between.js';

const running = new Map<string, { readonly begun: Gate; readonly mayEnd: Gate; reason?: unknown }>();
const doorOf = (runId: string) => {
  const door = running.get(runId) ?? { begun: gate(), mayEnd: gate() };
  running.set(runId, door);
  return door;
};

const letter = workflow<unknown>('letter', { version: 1 }).then('ask', async (ctx) => {
  if (ctx.isResumed) return ctx.resumeData;
  const { id } = await ctx.createAsyncResult();
  ctx.logger.info('asked', { id });
  return ctx.resumeWhenComplete(id);
});

const resumed: { readonly runId: string; readonly data: unknown }[] = [];
const replies = new Map<string, Gate>();
const reply = workflow<unknown>('reply', { version: 1 }).then('ask', async (ctx) => {
  if (ctx.isResumed) {
    resumed.push({ runId: ctx.runId, data: ctx.resumeData });
    await replies.get(ctx.runId)?.opened;
    return ctx.resumeData;
  }
  const { id } = await ctx.createAsyncResult();
  ctx.logger.info('asked', { id });
  return ctx.resumeWhenComplete(id);
});

const slow = workflow<unknown>('slow', { version: 1 })
  .then('work', async (ctx) => {
    const door = doorOf(ctx.runId);
    ctx.signal.addEventListener('abort', () => {
      door.reason = ctx.signal.reason;
      door.mayEnd.open();
    });
    door.begun.open();
    await door.mayEnd.opened;
    ctx.signal.throwIfAborted();
    return 'done';
  })
  .then('next', () => 'more');

const quick = workflow<unknown>('quick', { version: 1 }).then('work', () => 'done');

describe('the inbox of a run', () => {
  let engine: Engine;
  const between = new StandingBetween();
  /** Runs that were claimed, in their order. */
  const claimed: (string | undefined)[] = [];
  const noting = (sql: Sql): Sql => ({
    query: async <Row>(statement: Parameters<Sql['query']>[0], values: readonly unknown[]) => {
      const rows = await sql.query<Row>(statement, values);
      if (statement.name === 'claim-runs') claimed.push(...rows.map((row) => (row as { id?: string }).id));
      return rows;
    },
  });
  beforeAll(async () => {
    engine = await startEngine({
      workflows: [letter, reply, slow, quick],
      worker: { reportMs: 20 },
      committer: between.committer,
      sql: (sql) => noting(between.sql(sql)),
    });
  });
  afterAll(() => engine.close());

  const asked = (runId: string) =>
    engine.process.log.find(({ message, fields }) => message === 'asked' && fields['runId'] === runId)?.fields['id'] as string;
  const settle = (runId: string, value: unknown) =>
    engine.runs.settleAsyncResult({ tenant: TENANT, id: asked(runId) }, { ok: true, value });
  const cancel = (runId: string) => engine.runs.cancel({ tenant: TENANT, runId, actor: null, reason: 'no longer needed' });

  it('loses no wake-up when a message comes while the owner gives up the lease', async () => {
    const release = between.hold('commit', 'attempt.suspended');
    const runId = await engine.start('letter');
    await release.arrived;
    // The owner has seen an empty inbox and is about to wait for what comes now; nobody will wake it again.
    await settle(runId, 'in between');
    release.release();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('in between');
  });

  it('loses no wake-up when a message is being written, not committed yet, while the owner gives up the lease', async () => {
    const release = between.hold('commit', 'attempt.suspended');
    const runId = await engine.start('letter');
    await release.arrived;
    const written = gate();
    const mayCommit = gate();
    const payload = { id: asked(runId), ok: true, value: 'uncommitted' };
    const message = { tenant: TENANT, runId, kind: 'async-result.settled', dedupeKey: 'x', payload } as const;
    const writing = inTransaction(engine.database.pool, async (sql) => {
      await appendInbox(sql, message);
      written.open();
      await mayCommit.opened;
    });
    await written.opened;
    release.release();
    // The flush now waits for the lock of the run row, which the message holds.
    await until(
      () =>
        engine.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%flush%'`,
        ),
      (rows) => rows.length > 0,
      'The flush should wait for the run row',
    );
    mayCommit.open();
    await writing;
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('uncommitted');
  });

  it('hands the run over with its result: nobody claims it', async () => {
    const runId = await engine.start('letter');
    await engine.waitFor(runId, RunStatus.waiting);
    // The row says so before its worker has heard it, which has the run until then.
    await until(
      () => engine.worker.activeRuns,
      (count) => count === 0,
      'The worker should have let go of it',
    );
    await settle(runId, 'by hand');
    await engine.waitFor(runId, RunStatus.completed);
    expect([await engine.output(runId), claimed.includes(runId)]).toEqual(['by hand', false]);
    expect((await engine.row(runId)).epoch).toBe(2);
  });

  it('gives the result to its step while the fact is on its way, and again when the fact never arrived', async () => {
    const runId = await engine.start('reply');
    await engine.waitFor(runId, RunStatus.waiting);
    const door = gate();
    replies.set(runId, door);
    const commit = between.hold('commit', 'async-result.settled');
    await settle(runId, 'yes');
    await commit.arrived;
    const entries = () => resumed.filter((one) => one.runId === runId);
    expect(entries()).toEqual([{ runId, data: 'yes' }]);
    commit.release(new UnknownOutcomeError('The connection broke.'));
    await until(entries, ({ length }) => length === 2, 'The step should be entered again');
    door.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect([await engine.output(runId), entries().map(({ data }) => data)]).toEqual(['yes', ['yes', 'yes']]);
    expect((await engine.types(runId)).filter((type) => type === 'async-result.settled')).toHaveLength(1);
  });

  it('is found although somebody who locked the run while it was looked for let go without a hint', async () => {
    const runId = await engine.start('letter');
    await engine.waitFor(runId, RunStatus.waiting);
    const client = await engine.database.pool.connect();
    await client.query('BEGIN');
    await appendInbox(pgSql(engine.database.pool), {
      tenant: TENANT,
      runId,
      kind: 'async-result.settled',
      dedupeKey: 'x',
      payload: { id: asked(runId), ok: true, value: 1 },
    });
    await client.query('SELECT 1 FROM runs WHERE id = $1 FOR UPDATE', [runId]);
    const looks = between.seen.filter((name) => name === 'claim-runs').length;
    engine.hints.wake(['default']);
    await until(
      () => between.seen.filter((name) => name === 'claim-runs').length,
      (count) => count > looks,
      'The worker should look',
    );
    await client.query('ROLLBACK');
    client.release();
    await engine.waitFor(runId, RunStatus.completed);
  });

  it('turns every message into a fact, also one that comes while the run ends', async () => {
    const end = between.hold('commit', 'run.ended');
    const runId = await engine.start('quick');
    await end.arrived;
    await cancel(runId);
    end.release();
    await engine.waitFor(runId, RunStatus.canceled);
    expect(await engine.types(runId)).toEqual(['run.started', 'step.completed', 'cancel.requested', 'run.ended']);
    expect(await engine.query('SELECT 1 FROM inbox WHERE run_id = $1', [runId])).toEqual([]);
  });

  it('cancels a waiting run and closes what it had open', async () => {
    const runId = await engine.start('letter');
    await engine.waitFor(runId, RunStatus.waiting);
    await cancel(runId);
    await engine.waitFor(runId, RunStatus.canceled);
    expect((await engine.row(runId)).worker).toBeNull();
    await expect(cancel(runId)).rejects.toMatchObject({ code: 'RUN_ENDED' });
  });

  it('cancels a run in the middle of a long step: the handler hears it at once, not at its next commit', async () => {
    const runId = await engine.start('slow');
    await doorOf(runId).begun.opened;
    await cancel(runId);
    await engine.waitFor(runId, RunStatus.canceled);
    expect(await engine.types(runId)).toContain('cancel.requested');
    expect(doorOf(runId).reason).toMatchObject({ message: 'Its run or branch was canceled, or has failed.' });
    expect(await engine.types(runId)).not.toContain('attempt.discarded');
  });

  it('cancels a queued run before any step of it', async () => {
    const other = await engine.spawn({ idle: true });
    await engine.worker.stop();
    const { runId } = await other.runs.start({ tenant: TENANT, workflow: 'quick', input: null, actor: null });
    await other.runs.cancel({ tenant: TENANT, runId, actor: { id: 'u1', name: 'Ann', kind: 'user' }, reason: null });
    await engine.spawn();
    await engine.waitFor(runId, RunStatus.canceled);
    expect(await engine.types(runId)).toEqual(['run.started', 'cancel.requested', 'run.ended']);
    expect((await engine.facts(runId))[1]?.payload).toMatchObject({ by: { id: 'u1' } });
  });

  it('says that there is no such run', async () => {
    await expect(cancel('01890a5d-ac96-774b-bcce-b302099a8057')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});
