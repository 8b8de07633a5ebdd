/** What a run has entered and must leave in order: the finally of a try, a cancellation scope. On a real database, with a real signal. */
import { RunStatus } from '@stepwell/contracts';
import { type RaceResult, Screen, type ScreenHandler, Step, type StepContext, type StepHandler, type Undo, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, TENANT, until } from './engine.js';

class Answer {}

@Screen({ id: 'review', title: 'Review' })
class Review implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

const undone: { readonly runId: string; readonly what: unknown; readonly key: string }[] = [];
const stuck = new Set<string>();

@Step({ id: 'refund', retry: { attempts: 2, backoff: '1ms' } })
class Refund implements StepHandler<null> {
  run({ runId, params, idempotencyKey }: StepContext<unknown, Undo>) {
    undone.push({ runId, what: params.output, key: idempotencyKey });
    if (stuck.has(runId)) throw new Error('no such charge');
    return null;
  }
}

describe('a run that is canceled', () => {
  let engine: Engine;
  const signals = new Map<string, AbortSignal>();
  /** Resolves when its signal says so, and ignores it for that long. */
  const stubborn = (ctx: { runId: string; signal: AbortSignal }) =>
    new Promise((resolve) => {
      signals.set(ctx.runId, ctx.signal);
      ctx.signal.addEventListener('abort', () => resolve('too late'));
    });

  const leasing = workflow<null>('leasing', { version: 1 })
    .try(
      (body) =>
        body.parallel({
          work: (branch) => branch.then('work', stubborn),
          person: (branch) => branch.screen(Review),
          scope: (branch) => branch.cancellationScope((inner) => inner.screen(Review, { id: 'sign' }).then('deploy', () => 'deployed')),
        }),
      { finally: (last) => last.then('release', (ctx) => ctx.maybeResultOf('deploy')) },
    )
    .then('after', () => 'never');
  const catching = workflow<null>('catching', { version: 1 }).try(
    (body) =>
      body.then('charge', () => {
        throw new Error('declined');
      }),
    { catch: (failed) => failed.then('note', (ctx) => ({ because: ctx.error.message, at: ctx.error.path })) },
  );
  const racing = workflow<null>('racing', { version: 1 })
    .race({
      work: (branch) => branch.then('work', stubborn),
      person: (branch) => branch.screen(Review),
      other: (branch) => branch.screen(Review, { id: 'other' }),
    })
    .then('after', (ctx) => ctx.resultOf<RaceResult<{ work: unknown; person: Answer; other: Answer }>>('race-1').winner);
  const charging = workflow<{ fails: boolean }>('charging', { version: 1 })
    .then('charge', (ctx) => ({ charge: ctx.idempotencyKey }), { compensate: Refund })
    .then('reserve', () => 'reserved', { compensate: Refund })
    .screen(Review, { id: 'approve' })
    .then('book', () => {
      throw new Error('no seat');
    });
  const capped = workflow<{ works: boolean }>('capped', { version: 1, concurrency: { limit: 1 } }).try(
    (body) =>
      body
        .when(
          (ctx) => ctx.input.works,
          (yes) => yes.then('work', stubborn),
        )
        .screen(Review),
    { finally: (last) => last.then('release', () => 'released') },
  );

  beforeAll(async () => {
    engine = await startEngine({ workflows: [leasing, catching, racing, charging, capped], providers: [Review, Refund] });
  });
  afterAll(() => engine.close());

  const cancel = (runId: string, isForced = false) => engine.runs.cancel({ tenant: TENANT, runId, actor: null, reason: 'late', isForced });
  const openTasks = async (runId: string) =>
    (await engine.query<{ path: string }>(`SELECT path FROM tasks WHERE run_id = $1 AND status = 'open' ORDER BY path`, [runId])).map(
      ({ path }) => path.split('/').at(-1),
    );
  const stands = async (): Promise<string> => {
    const runId = await engine.start('leasing', null);
    await until(
      () => openTasks(runId),
      (tasks) => tasks.length === 2 && signals.has(runId),
      'Both tasks should be open',
    );
    return runId;
  };

  it('aborts what runs and closes what is open, but for a scope, and ends when scope and finally have been left', async () => {
    const runId = await stands();
    await cancel(runId);
    const row = await engine.waitFor(runId, RunStatus.waiting);
    expect(row).toMatchObject({ wait_reasons: ['task'], cancel_requested_at: expect.any(Date) as Date });
    expect(signals.get(runId)?.aborted).toBe(true);
    expect(await openTasks(runId)).toEqual(['sign']);
    await engine.answer(runId, {});
    await engine.waitFor(runId, RunStatus.canceled);
    const facts = await engine.facts(runId);
    const ended = facts.filter(({ type }) => type === 'step.completed').map(({ path }) => path.split('/').at(-1));
    expect(ended).toEqual(['deploy', 'release']);
    expect(facts.find(({ path }) => path.endsWith('/release'))?.payload).toMatchObject({ output: 'deployed' });
  });

  it('ends at once when the cancel is forced', async () => {
    const runId = await stands();
    await cancel(runId);
    await engine.waitFor(runId, RunStatus.waiting);
    await cancel(runId);
    await cancel(runId, true);
    await engine.waitFor(runId, RunStatus.canceled);
    expect(await openTasks(runId)).toEqual([]);
    expect((await engine.types(runId)).filter((type) => type === 'cancel.requested').length).toBeGreaterThanOrEqual(2);
    expect((await engine.facts(runId)).some(({ path }) => path.endsWith('/release'))).toBe(false);
  });

  it('waits for its permit when it has something to do before it ends', async () => {
    const first = await engine.start('capped', { works: false });
    await engine.waitFor(first, RunStatus.waiting);
    const second = await engine.start('capped', { works: true });
    await until(() => signals.has(second), Boolean, 'The second should have the place');
    const { epoch } = await engine.row(first);
    await cancel(first);
    await until(
      () => engine.row(first),
      (row) => row.status === RunStatus.queued && row.epoch >= epoch + 2,
      'The first should have been looked at, and given back',
    );
    // It has written down that it is ending; what comes before that has not begun.
    expect((await engine.types(first)).slice(-2)).toEqual(['cancel.requested', 'ending.began']);
    await cancel(second);
    for (const id of [first, second]) {
      await engine.waitFor(id, RunStatus.canceled);
      expect((await engine.facts(id)).some(({ type, path }) => type === 'step.completed' && path.endsWith('/release'))).toBe(true);
    }
  });

  it('is told so when it is a branch that has lost a race, and what it has open is withdrawn', async () => {
    const runId = await engine.start('racing', null);
    await until(
      () => openTasks(runId),
      (tasks) => tasks.length === 2 && signals.has(runId),
      'Both tasks should be open',
    );
    await engine.answer(runId, {});
    await engine.waitFor(runId, RunStatus.completed);
    expect(signals.get(runId)?.aborted).toBe(true);
    expect(await openTasks(runId)).toEqual([]);
    expect(['person', 'other']).toContain(await engine.output(runId));
  });

  it('undoes what it has done, the last first; an undo that fails waits for a person, with its key; then the run ends', async () => {
    const runId = await engine.start('charging', { fails: false });
    stuck.add(runId);
    await engine.waitFor(runId, RunStatus.waiting);
    await cancel(runId);
    const row = await until(
      () => engine.row(runId),
      ({ status, wait_reasons }) => status === RunStatus.waiting && wait_reasons.join() === 'incident',
      'The undo should be an incident',
    );
    expect(row).toMatchObject({ error_message: 'no such charge', cancel_requested_at: expect.any(Date) as Date });
    const at = { tenant: TENANT, runId, actor: null, reason: null, path: 'reserve/undo', iteration: '', attempt: 2, output: null };
    await engine.process.retries.resolve({ ...at, happened: true });
    await until(
      () => engine.facts(runId),
      (facts) => facts.filter(({ type }) => type === 'incident.opened').length === 2,
      'The next undo should be an incident too',
    );
    stuck.delete(runId);
    await engine.process.retries.retry({ tenant: TENANT, runId, actor: null, reason: null });
    await engine.waitFor(runId, RunStatus.canceled);
    const own = undone.filter((one) => one.runId === runId);
    expect(own.map(({ what }) => what)).toEqual([
      'reserved',
      'reserved',
      ...Array<unknown>(3).fill({ charge: expect.any(String) as string }),
    ]);
    expect(new Set(own.map(({ key }) => key)).size).toBe(2);
  });

  it('does again in its retry what was undone, with another key', async () => {
    const runId = await engine.start('charging', { fails: true });
    await engine.waitFor(runId, RunStatus.waiting);
    await engine.answer(runId, {});
    await engine.waitFor(runId, RunStatus.failed);
    const next = await engine.process.retries.retry({ tenant: TENANT, runId, actor: null, reason: null });
    await engine.waitFor(next, RunStatus.failed);
    const [charged] = undone.filter(({ runId: id, what }) => id === runId && typeof what === 'object');
    const [again] = undone.filter(({ runId: id, what }) => id === next && typeof what === 'object');
    expect(again?.what).not.toEqual(charged?.what);
    expect(again?.key).not.toBe(charged?.key);
  });

  it('is none of the business of a failure that was caught', async () => {
    const runId = await engine.start('catching', null);
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ because: 'declined', at: 'try-1/try/charge' });
  });

  it('goes on leaving on another worker', async () => {
    const runId = await stands();
    await cancel(runId);
    await engine.waitFor(runId, RunStatus.waiting);
    await engine.process.worker.stop();
    const other = await engine.spawn();
    await engine.answer(runId, {});
    other.wakeUps.wake(['default']);
    await engine.waitFor(runId, RunStatus.canceled);
    expect(await engine.types(runId)).toEqual(expect.arrayContaining(['ending.began', 'run.ended']));
  });
});
