import { RunStatus } from '@stepwell/contracts';
import { type AsyncResultHandle, event, type StepContext, workflow } from '@stepwell/sdk';
import type { EntityManager } from 'typeorm';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import type { Process } from './process.js';
import { databaseError, type Gate, gate, StandingBetween } from './standing-between.js';

const Pressed = event<{ by: string }>('test.pressed');

/** Where handlers ran, by run: the incarnation that the context's log carries is not visible to authors, so tests look at the log. */
const doors = new Map<string, { begun: Gate; mayEnd: Gate; entries: number; aborted: boolean }>();
const doorOf = (runId: string) => {
  const door = doors.get(runId) ?? { begun: gate(), mayEnd: gate(), entries: 0, aborted: false };
  doors.set(runId, door);
  return door;
};
const handles = new Map<string, AsyncResultHandle>();
const narrow = workflow<unknown>('narrow', { version: 1 }).then('work', (ctx) => ctx.runId, { queue: 'narrow' });

/** In the order in which they ran. */
const ranked: string[] = [];
const rank = (ctx: StepContext<{ name: string }>) => void ranked.push(ctx.input.name);
const RANKED = [
  workflow<{ name: string }>('low', { version: 1, priority: 9 }).then('work', rank, { queue: 'ranked', priority: -3 }),
  workflow<{ name: string }>('plain', { version: 1 }).then('work', rank, { queue: 'ranked' }),
  workflow<{ name: string }>('raised', { version: 1, priority: 4 }).then('work', rank, { queue: 'ranked' }),
  workflow<{ name: string }>('urgent', { version: 1 })
    .then('ask', async (ctx) => (ctx.isResumed ? ctx.resumeData : ctx.suspend({ for: '9h' })), { priority: 10 })
    .then('work', rank),
];

const press = workflow<{ amount: number }>('press', { version: 1 })
  .then('before', () => ({ base: 40 }))
  .parallel({
    near: (flow) => flow.then('here', (ctx) => `here ${ctx.input.amount}`),
    far: (flow) =>
      flow.then(
        'there',
        (ctx) => {
          ctx.logger.info('ran', { step: 'there' });
          ctx.emit(Pressed, { by: 'there' }, { idempotencyKey: 'p' });
          return { sum: ctx.resultOf<{ base: number }>('before').base + ctx.input.amount, key: ctx.idempotencyKey };
        },
        { queue: 'press' },
      ),
  })
  .then('after', (ctx) => ({ far: ctx.resultOf<{ sum: number }>('there').sum, near: ctx.resultOf('here') }));

const held = async (ctx: StepContext<unknown>): Promise<string> => {
  const door = doorOf(ctx.runId);
  door.entries++;
  ctx.logger.info('ran', { entry: door.entries });
  ctx.signal.addEventListener('abort', () => {
    door.aborted = true;
  });
  door.begun.open();
  if (door.entries === 1) await door.mayEnd.opened;
  return `entry ${door.entries}`;
};
const holding = workflow<unknown>('holding', { version: 1 }).then('work', held, { queue: 'press' });
const beside = workflow<unknown>('beside', { version: 1 }).parallel({
  far: (flow) => flow.then('work', held, { queue: 'press' }),
  near: (flow) =>
    flow.then('fail', async (ctx) => {
      await doorOf(ctx.runId).begun.opened;
      throw new Error('the other branch');
    }),
});
const hurried = workflow<unknown>('hurried', { version: 1 }).then(
  'work',
  async (ctx) => {
    if (ctx.attempt === 2) return 'in time';
    await doorOf(ctx.runId).mayEnd.opened;
    return 'late';
  },
  { queue: 'press', timeout: '40ms', retry: { attempts: 2, backoff: '1ms' } },
);
const flaky = workflow<unknown>('flaky', { version: 1 }).then(
  'work',
  (ctx) => {
    ctx.emit(Pressed, { by: `attempt ${ctx.attempt}` });
    if (ctx.attempt < 3) throw new Error(`no ${ctx.attempt}`);
    return ctx.attempt;
  },
  { queue: 'press', retry: { attempts: 3, backoff: '1ms' } },
);
const asking = workflow<unknown>('asking', { version: 1 })
  .then(
    'ask',
    async (ctx) => {
      if (ctx.isResumed) return { answer: ctx.resumeData, attempt: ctx.attempt };
      const handle = await ctx.createAsyncResult();
      handles.set(ctx.runId, handle);
      return ctx.resumeWhenComplete(handle.id);
    },
    { queue: 'press' },
  )
  .then('nap', (ctx) => (ctx.isResumed ? { woken: ctx.resumeData } : ctx.suspend({ for: '5ms' })), { queue: 'press' });
const filing = workflow<{ how?: string }>('filing', { version: 1 }).then(
  'file',
  (ctx) =>
    ctx.transaction(async (manager: EntityManager) => {
      await manager.query('INSERT INTO cases (run_id, what) VALUES ($1, $2)', [ctx.runId, `attempt ${ctx.attempt}`]);
      ctx.emit(Pressed, { by: 'the transaction' });
      await held(ctx);
      if (ctx.input.how === 'throws') throw new Error('changed my mind');
      return { filed: ctx.attempt };
    }),
  { queue: 'press' },
);

describe('a step of another queue', () => {
  let engine: Engine;
  let press2: Process;
  const between = new StandingBetween();
  beforeAll(async () => {
    engine = await startEngine({ workflows: [press, holding, beside, hurried, flaky, asking, filing, narrow, ...RANKED] });
    press2 = await engine.spawn({ worker: { queues: ['press'], reportMs: 20 }, sql: between.sql });
    await engine.query('CREATE TABLE cases (run_id uuid, what text)');
  });
  afterAll(() => engine.close());

  const cases = async (runId: string) =>
    (await engine.query<{ what: string }>('SELECT what FROM cases WHERE run_id = $1', [runId])).map(({ what }) => what);
  const events = async (runId: string) =>
    (await engine.query<{ payload: { by: string } }>('SELECT payload FROM events WHERE source_run = $1 ORDER BY id', [runId])).map(
      ({ payload }) => payload.by,
    );
  const dispatches = (runId: string) =>
    engine.query<{ epoch: number; worker: string | null; status: string }>('SELECT * FROM dispatches WHERE run_id = $1', [runId]);
  const discarded = (runId: string) =>
    until(
      () => engine.types(runId),
      (types) => types.includes('attempt.discarded'),
      'The late result should be recorded',
    );
  /** What take-over does to the dispatches of a dead worker. */
  const takeOver = (runId: string) =>
    engine.query(`UPDATE dispatches SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE run_id = $1`, [runId]);

  it('runs there, beside a local branch of one parallel, and its output, events and key come back', async () => {
    const runId = await engine.start('press', { amount: 2 });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ far: 42, near: 'here 2' });
    const ran = (process: Process) => process.log.filter(({ fields }) => fields['runId'] === runId && fields['step'] === 'there');
    expect(ran(press2)).toHaveLength(1);
    expect(ran(engine.process)).toHaveLength(0);
    expect(await events(runId)).toEqual(['there']);
    expect(await dispatches(runId)).toEqual([]);
    const [there] = (await engine.facts(runId)).filter(({ path, type }) => path.endsWith('/there') && type === 'step.completed');
    expect(there?.payload.output.key).toMatch(/^[0-9a-f]{40}$/);
  });

  it('leaves its run waiting by a row, with the reason, while it runs', async () => {
    const runId = await engine.start('holding');
    await doorOf(runId).begun.opened;
    expect(await engine.waitFor(runId, RunStatus.waiting)).toMatchObject({ wait_reasons: ['dispatch'], worker: null });
    expect(await dispatches(runId)).toMatchObject([{ status: 'running', worker: press2.worker.incarnation, epoch: 1 }]);
    doorOf(runId).mayEnd.open();
    await engine.waitFor(runId, RunStatus.completed);
  });

  it('is retried by its policy, each time by a new dispatch, keeping the events of the last attempt', async () => {
    const runId = await engine.start('flaky');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe(3);
    expect(await events(runId)).toEqual(['attempt 3']);
    expect((await engine.types(runId)).filter((type) => type === 'step.dispatched')).toHaveLength(3);
  });

  it('times out there; the late result is recorded and not applied', async () => {
    const runId = await engine.start('hurried');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('in time');
    doorOf(runId).mayEnd.open();
    await discarded(runId);
  });

  it('suspends and is entered again there, with its data and the same attempt', async () => {
    const runId = await engine.start('asking');
    await until(
      () => engine.row(runId),
      ({ wait_reasons }) => wait_reasons.includes('async-result'),
      'The run should wait for the result',
    );
    await engine.runs.settleAsyncResult({ tenant: TENANT, id: handles.get(runId)?.id ?? '' }, { ok: true, value: 0 });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ woken: null });
    expect((await engine.facts(runId)).find(({ type, path }) => type === 'step.completed' && path === 'ask')?.payload.output).toEqual({
      answer: 0,
      attempt: 1,
    });
  });

  it('seals its own transaction with the end of the dispatch', async () => {
    const runId = await engine.start('filing', {});
    await doorOf(runId).begun.opened;
    doorOf(runId).mayEnd.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ filed: 1 });
    expect(await cases(runId)).toEqual(['attempt 1']);
    expect(await events(runId)).toEqual(['the transaction']);
  });

  it('rolls its transaction back when it throws', async () => {
    const runId = await engine.start('filing', { how: 'throws' });
    doorOf(runId).mayEnd.open();
    await engine.waitFor(runId, RunStatus.failed);
    expect(await cases(runId)).toEqual([]);
    expect(await events(runId)).toEqual([]);
  });

  it.each(['filing', 'holding'])('is taken over with a new epoch; the first worker keeps nothing of it (%s)', async (name) => {
    const runId = await engine.start(name, {});
    await doorOf(runId).begun.opened;
    // Not before the first handler has heard: a worker that is dead claims nothing.
    const claim = between.hold('claim-dispatches');
    await takeOver(runId);
    await until(
      () => doorOf(runId).aborted,
      (aborted) => aborted,
      'The first handler should be told',
    );
    claim.release();
    press2.wakeUps.wake(['press']);
    await engine.waitFor(runId, RunStatus.completed);
    doorOf(runId).mayEnd.open();
    await discarded(runId);
    expect(doorOf(runId).entries).toBe(2);
    if (name === 'filing') expect(await cases(runId)).toEqual(['attempt 1']);
    else expect(await engine.output(runId)).toBe('entry 2');
  });

  it('keeps nothing when it was taken over before anybody noticed', async () => {
    const deaf = await engine.spawn({ worker: { queues: ['press'], reportMs: 600_000 }, sql: between.sql });
    await press2.stop();
    const runId = await engine.start('filing', {});
    await doorOf(runId).begun.opened;
    // Whatever it looks for meanwhile.
    const claim = between.hold('claim-dispatches');
    await takeOver(runId);
    doorOf(runId).mayEnd.open();
    await discarded(runId);
    expect(await cases(runId)).toEqual([]);
    claim.release();
    deaf.wakeUps.wake(['press']);
    await engine.waitFor(runId, RunStatus.completed);
    expect(await cases(runId)).toEqual(['attempt 1']);
    await deaf.stop();
    press2 = await engine.spawn({ worker: { queues: ['press'], reportMs: 20 }, sql: between.sql });
  });

  it.each(['canceled', 'failed'] as const)(
    'is withdrawn and told so when its run is %s; what it still returns is recorded',
    async (status) => {
      const runId = await engine.start(status === 'canceled' ? 'holding' : 'beside');
      await doorOf(runId).begun.opened;
      if (status === 'canceled') await engine.runs.cancel({ tenant: TENANT, runId, actor: null, reason: null });
      await engine.waitFor(runId, status);
      expect(await dispatches(runId)).toEqual([]);
      await until(
        () => doorOf(runId).aborted,
        (aborted) => aborted,
        'The handler should be told',
      );
      doorOf(runId).mayEnd.open();
      await discarded(runId);
      expect((await engine.row(runId)).status).toBe(status);
    },
  );

  it('goes on after the database was lost at its end: it runs again, unless its end was kept', async () => {
    const stop = between.fail('end-dispatch', () => new Error('Connection terminated unexpectedly'), 1);
    const runId = await engine.start('press', { amount: 1 });
    await engine.waitFor(runId, RunStatus.completed);
    stop();
    expect(press2.log.filter(({ fields }) => fields['runId'] === runId && fields['step'] === 'there')).toHaveLength(2);
    expect(await events(runId)).toEqual(['there']);
  });

  it('repeats its end after a deadlock, and fails when its output cannot be stored', async () => {
    const one = between.fail('end-dispatch', () => databaseError('40P01'), 3);
    const first = await engine.start('press', { amount: 1 });
    await engine.waitFor(first, RunStatus.completed);
    one();
    expect(press2.log.filter(({ fields }) => fields['runId'] === first && fields['step'] === 'there')).toHaveLength(1);
    const two = between.fail('end-dispatch', () => databaseError('22P05'), 1, 'step.completed');
    const second = await engine.start('press', { amount: 1 });
    expect(await engine.waitFor(second, RunStatus.failed)).toMatchObject({ error_code: 'VALUE_NOT_STORABLE' });
    two();
  });

  it('ends first, when it can, before its worker stops', async () => {
    const patient = await engine.spawn({ worker: { queues: ['press'], drainMs: 600_000 } });
    await press2.stop();
    const runId = await engine.start('holding');
    await doorOf(runId).begun.opened;
    const stopping = patient.stop();
    doorOf(runId).mayEnd.open();
    await stopping;
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('entry 1');
    press2 = await engine.spawn({ worker: { queues: ['press'], reportMs: 20 }, sql: between.sql });
  });

  it('is given back when it lasts longer than its worker may take to stop', async () => {
    const hasty = await engine.spawn({ worker: { queues: ['press'], drainMs: 50 } });
    await press2.stop();
    const runId = await engine.start('holding');
    await doorOf(runId).begun.opened;
    await hasty.stop();
    expect(await dispatches(runId)).toMatchObject([{ status: 'queued', worker: null, epoch: 2 }]);
    press2 = await engine.spawn({ worker: { queues: ['press'], reportMs: 20 }, sql: between.sql });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('entry 2');
  });

  it('is not left queued behind others by a worker with little room, which nobody wakes again', async () => {
    const runIds = await Promise.all(Array.from({ length: 7 }, () => engine.start('narrow')));
    for (const runId of runIds) await engine.waitFor(runId, RunStatus.waiting);
    await engine.spawn({ worker: { queues: ['narrow'], maxActive: 2 } });
    for (const runId of runIds) await engine.waitFor(runId, RunStatus.completed);
  });

  it('runs by its priority, else by that of its run; a run that waits at it has it, too', async () => {
    const names = ['low', 'plain', 'raised', 'plain', 'raised'];
    const runIds = [];
    for (const [index, name] of names.entries()) runIds.push(await engine.start(name, { name: `${name} ${index}` }));
    for (const runId of runIds) await engine.waitFor(runId, RunStatus.waiting);
    const waits = await engine.start('urgent', { name: 'urgent' });
    await engine.waitFor(waits, RunStatus.waiting);
    const priorities = (id: string) => engine.query('SELECT priority, own_priority FROM runs WHERE id = $1', [id]);
    expect(await priorities(waits)).toEqual([{ priority: 10, own_priority: 0 }]);
    expect(await priorities(runIds[0] ?? '')).toEqual([{ priority: -3, own_priority: 9 }]);
    await engine.spawn({ worker: { queues: ['ranked'], maxActive: 1 } });
    for (const runId of runIds) await engine.waitFor(runId, RunStatus.completed);
    expect(ranked).toEqual(['raised 2', 'raised 4', 'plain 1', 'plain 3', 'low 0']);
  });

  it('runs at home when the owner serves the queue itself', async () => {
    await press2.stop();
    const home = await engine.spawn({ worker: { queues: ['default', 'press'] } });
    const { runId } = await home.runs.start({ tenant: TENANT, workflow: 'press', input: { amount: 1 }, actor: null });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.types(runId)).not.toContain('step.dispatched');
  });
});
