import { RunStatus } from '@stepwell/contracts';
import { Clock, inIsolation, UnknownOutcomeError } from '@stepwell/engine';
import { SystemClock } from '@stepwell/runtime';
import { workflow } from '@stepwell/sdk';
import { nextDue, pgSql } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { type Gate, gate, StandingBetween } from './standing-between.js';

/** No machine is so busy that it looks like a clock that is wrong. */
const HOUR_MS = 3_600_000;

class ShiftedClock extends Clock {
  constructor(private readonly shiftMs: number) {
    super();
  }
  now(): number {
    return Date.now() + this.shiftMs;
  }
}

const doors = new Map<string, Gate>();
const doorOf = (runId: string): Gate => {
  const door = doors.get(runId) ?? gate();
  doors.set(runId, door);
  return door;
};

const short = workflow<{ wait: string }>('short', { version: 1 })
  .then('before', () => 1)
  .wait((ctx) => ctx.input.wait, { id: 'pause' })
  .then('after', () => 'rested');
const long = workflow<unknown>('long', { version: 1 })
  .wait('30d')
  .then('after', () => 'rested');
const beside = workflow<unknown>('beside', { version: 1 }).parallel({
  timer: (flow) => flow.wait('10ms').then('rang', () => 'rang'),
  far: (flow) => flow.wait('60d'),
  work: (flow) => flow.then('work', (ctx) => doorOf(ctx.runId).opened.then(() => 'worked')),
});
const behind: { readonly runId: string; readonly attempt: number }[] = [];
const entering = workflow<unknown>('entering', { version: 1 })
  .wait('300ms')
  .then('work', async (ctx) => {
    behind.push({ runId: ctx.runId, attempt: ctx.attempt });
    await doors.get(ctx.runId)?.opened;
    return 'worked';
  });
const foreign = workflow<unknown>('foreign', { version: 1 }).wait('1ms');

describe('durable timers', () => {
  let engine: Engine;
  const between = new StandingBetween();
  beforeEach(async () => {
    engine = await startEngine({ workflows: [short, long, beside, entering, foreign], sql: between.sql, committer: between.committer });
  });
  afterEach(() => engine.close());
  const claims = () => between.seen.filter((name) => name === 'claim-runs').length;

  /** A run that waits for an hour, so that it is seen to wait; its worker may be stopped before `bringForward` lets it ring. */
  const startToWait = async () => {
    const runId = await engine.start('short', { wait: '1h' });
    await engine.waitFor(runId, RunStatus.waiting);
    return runId;
  };
  /** Sets the timer of a run that waits, in its row and in its journal. @returns when it is due */
  const bringForward = async (runId: string, ms: number) => {
    const [due] = await engine.query<{ at: Date }>(
      `WITH run AS (
         UPDATE runs SET due_at = date_trunc('milliseconds', clock_timestamp()) + $2 * interval '1 millisecond' WHERE id = $1 RETURNING id, due_at)
       UPDATE journal SET payload = jsonb_set(payload, '{dueAt}', to_jsonb((extract(epoch FROM run.due_at) * 1000)::bigint))
       FROM run WHERE run_id = run.id AND type = 'wait.started' RETURNING run.due_at AS at`,
      [runId, ms],
    );
    return due?.at.getTime() ?? NaN;
  };

  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
  ])('are set by the database’s clock where the machine’s is %s', async (_, shiftMs) => {
    await engine.worker.stop();
    const machine = await engine.spawn({ clock: new SystemClock(() => Date.now() + shiftMs) });
    const { runId } = await machine.runs.start({ tenant: TENANT, workflow: 'long', input: null, actor: null });
    await engine.waitFor(runId, RunStatus.waiting);
    const [due] = await engine.query<{ in: number }>(
      'SELECT extract(epoch FROM due_at - clock_timestamp())::float8 AS "in" FROM runs WHERE id = $1',
      [runId],
    );
    // Far more than a slow machine takes, far less than an hour.
    expect(Math.abs((due?.in ?? NaN) - 30 * 86_400)).toBeLessThan(60);
  });

  it('let five hundred runs wait without holding anything, and wake each', async () => {
    const runs = await Promise.all(Array.from({ length: 500 }, (_, index) => engine.start('short', { wait: `${200 + (index % 50)}ms` })));
    await until(
      () => engine.worker.activeRuns,
      (count) => count === 0,
      'The worker should hold none',
    );
    for (const runId of runs) await engine.waitFor(runId, RunStatus.completed);
    const early = await engine.query(
      `SELECT 1 FROM journal started JOIN journal done ON done.run_id = started.run_id AND done.type = 'wait.completed'
       WHERE started.type = 'wait.started' AND extract(epoch FROM done.at) * 1000 < (started.payload ->> 'dueAt')::float8 - 2`,
    );
    expect(early).toEqual([]);
  });

  it('let the step behind them begin while their fact is on its way, and again when that never arrived', async () => {
    const release = between.hold('commit', 'wait.started');
    const runId = await engine.start('entering');
    await release.arrived;
    const door = doorOf(runId);
    const commit = between.hold('commit', `${runId} continue wait.completed`);
    release.release();
    await commit.arrived;
    const entries = () => behind.filter((one) => one.runId === runId);
    expect(entries()).toEqual([{ runId, attempt: 1 }]);
    commit.release(new UnknownOutcomeError('The connection broke.'));
    await until(entries, ({ length }) => length === 2, 'The step should be entered again');
    door.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect([await engine.output(runId), entries().map(({ attempt }) => attempt)]).toEqual(['worked', [1, 1]]);
    // The entry that was lost may have come back as well.
    const types = (await engine.types(runId)).filter((type) => type !== 'attempt.discarded');
    expect(types).toEqual(['run.started', 'wait.started', 'wait.completed', 'step.completed', 'run.ended']);
  });

  it('and a quick step behind them are one commit', async () => {
    const runId = await engine.start('entering');
    await engine.waitFor(runId, RunStatus.completed);
    const facts = await engine.query<{ type: string; commit: string }>(
      'SELECT type, xmin::text AS commit FROM journal WHERE run_id = $1 ORDER BY seq',
      [runId],
    );
    expect(facts.slice(2).map(({ type }) => type)).toEqual(['wait.completed', 'step.completed', 'run.ended']);
    expect(new Set(facts.slice(2).map(({ commit }) => commit)).size).toBe(1);
  });

  it('survive the worker: due when it is gone, they ring for the next one', async () => {
    const runId = await startToWait();
    await engine.process.stop();
    await bringForward(runId, -1);
    await engine.spawn();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('rested');
  });

  it('ring for runs of another process, which this one learns of by its sweep', async () => {
    const other = await engine.spawn();
    const runId = await startToWait();
    await engine.process.stop();
    const third = await engine.spawn({ worker: { sweepMs: 100 } });
    await other.stop();
    await bringForward(runId, 300);
    await engine.waitFor(runId, RunStatus.completed);
    await third.stop();
  });

  it('may be longer than a timer of this process can be, also beside a step that runs', async () => {
    const far = await engine.start('long');
    await engine.waitFor(far, RunStatus.waiting);
    const runId = await engine.start('beside');
    await until(
      () => engine.types(runId),
      (types) => types.filter((type) => type === 'step.completed').length === 1,
      'The short timer should ring beside the step',
    );
    const before = between.seen.length;
    doorOf(runId).open();
    const run = await engine.waitFor(runId, RunStatus.waiting);
    expect((run.due_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(59 * 86_400_000);
    expect(between.seen.length - before).toBeLessThan(20);
  });

  it.each([-HOUR_MS, HOUR_MS])(
    'ring by the clock of the database for a worker whose own is off by %i ms, and do not spin',
    async (shiftMs) => {
      const runId = await startToWait();
      await engine.process.stop();
      const dueAt = await bringForward(runId, 300);
      // No sweep makes up for a timer that is set wrong.
      await engine.spawn({ clock: new ShiftedClock(shiftMs), worker: { sweepMs: HOUR_MS } });
      const before = claims();
      await engine.waitFor(runId, RunStatus.completed);
      expect(claims() - before).toBeLessThan(20);
      expect((await engine.row(runId)).epoch).toBe(2);
      const ended = (await engine.facts(runId)).find(({ type }) => type === 'wait.completed');
      expect((ended?.at.getTime() ?? NaN) - dueAt).toBeGreaterThanOrEqual(0);
    },
  );

  it('of workflows that a worker does not host do not keep it awake', async () => {
    const runId = await engine.start('foreign');
    await engine.query(`UPDATE runs SET needs = 'foreign@2', due_at = clock_timestamp() - interval '1 minute' WHERE id = $1`, [runId]);
    await startToWait();
    const needs = engine.catalog.all().map((hosted) => hosted.needs);
    const dueIn = async (queue: string) => (await nextDue(pgSql(engine.database.pool), [queue], { ordinary: needs, inIsolation: [] })).inMs;
    expect(await dueIn('default')).toBeGreaterThan(0);
    expect(await dueIn('another')).toBeUndefined();
    const before = claims();
    const other = await engine.start('short', { wait: '300ms' });
    await engine.waitFor(other, RunStatus.completed);
    expect(claims() - before).toBeLessThan(6);
  });

  it('learns of the timer of a suspect, and once it is due, that a worker in isolation has to come', async () => {
    const runId = await engine.start('long');
    await engine.waitFor(runId, RunStatus.waiting);
    const needs = engine.catalog.all().map((hosted) => hosted.needs);
    const found = () => nextDue(pgSql(engine.database.pool), ['own'], { ordinary: needs, inIsolation: needs.map(inIsolation) });
    const put = (when: string) =>
      engine.query(
        `UPDATE runs SET queue = 'own', crashes = ARRAY[new_id(), new_id()], needs = $2, due_at = clock_timestamp() + $3::interval WHERE id = $1`,
        [runId, inIsolation('long@1'), when],
      );
    await put('1 hour');
    const later = await found();
    expect(later.hasSuspects).toBe(false);
    expect(later.inMs).toBeGreaterThan(3_000_000);
    await put('-1 second');
    expect(await found()).toMatchObject({ inMs: undefined, hasSuspects: true });
  });
});

describe('a worker that hears no hints', () => {
  it('finds by polling what other processes start, and hardly asks when idle', async () => {
    const between = new StandingBetween();
    const engine = await startEngine({ workflows: [short], deaf: true, sql: between.sql });
    try {
      const api = await engine.spawn({ idle: true, deaf: true });
      for (let round = 0; round < 5; round++) {
        const { runId } = await api.runs.start({ tenant: TENANT, workflow: 'short', input: { wait: '1ms' }, actor: null });
        await engine.waitFor(runId, RunStatus.completed);
      }
      const count = () => between.seen.filter((name) => name === 'claim-runs').length;
      await until(count, (looks) => looks > 5, 'It should poll');
    } finally {
      await engine.close();
    }
  });
});
