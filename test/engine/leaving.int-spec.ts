/** What a run has entered and must leave in order: the finally of a try, a cancellation scope. On a real database, with a real signal. */
import { RunStatus } from '@stepwell/contracts';
import { type RaceResult, Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, TENANT, until } from './engine.js';

class Answer {}

@Screen({ id: 'review', title: 'Review' })
class Review implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
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
    engine = await startEngine({ workflows: [leasing, catching, racing, capped], providers: [Review] });
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
    expect(await engine.types(first)).not.toContain('cancel.requested');
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
