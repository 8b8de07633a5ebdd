import { type Json, RunStatus, StepwellError } from '@stepwell/contracts';
import { type AsyncResultHandle, event, type StepContext, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { gate } from './standing-between.js';

const handles = new Map<string, AsyncResultHandle>();
const entries: { runId: string; attempt: number; isResumed: boolean; key: string }[] = [];

function note(ctx: StepContext<unknown>): void {
  entries.push({ runId: ctx.runId, attempt: ctx.attempt, isResumed: ctx.isResumed, key: ctx.idempotencyKey });
}

async function ask(ctx: StepContext<unknown>, timeout?: string) {
  const handle = await ctx.createAsyncResult();
  handles.set(ctx.runId, handle);
  return ctx.resumeWhenComplete(handle.id, timeout === undefined ? {} : { timeout });
}

/** Opened by the tests of a result that comes before the wait. */
const early = { created: gate(), mayWait: gate() };

const guarded = workflow<unknown>('guarded', { version: 1 })
  .then('ask', (ctx) => {
    note(ctx);
    if (ctx.isResumed) return ctx.resumeData;
    return ask(ctx);
  })
  .then('after', (ctx) => ({ got: ctx.resultOf('ask') }));

const impatient = workflow<unknown>('impatient', { version: 1 }).then('ask', (ctx) => (ctx.isResumed ? ctx.resumeData : ask(ctx, '30ms')));

const stubborn = workflow<unknown>('stubborn', { version: 1 }).then(
  'ask',
  (ctx) => {
    note(ctx);
    return ctx.isResumed ? ctx.resumeData : ask(ctx);
  },
  { retry: { attempts: 2, backoff: '1ms' } },
);

const hasty = workflow<unknown>('hasty', { version: 1 }).then('ask', async (ctx) => {
  if (ctx.isResumed) return ctx.resumeData;
  const handle = await ctx.createAsyncResult();
  handles.set(ctx.runId, handle);
  early.created.open();
  await early.mayWait.opened;
  return ctx.resumeWhenComplete(handle.id);
});

const Napped = event<{ after: boolean }>('test.napped');
const napping = workflow<unknown>('napping', { version: 1 }).then('nap', (ctx) => {
  note(ctx);
  ctx.emit(Napped, { after: ctx.isResumed });
  return ctx.isResumed ? { woken: ctx.resumeData } : ctx.suspend({ for: '20ms' });
});

const stranger = workflow<unknown>('stranger', { version: 1 }).then('ask', (ctx) =>
  ctx.resumeWhenComplete('01890a5d-ac96-774b-bcce-b302099a8057.AAAAAAAAAAAA'),
);

const both = workflow<unknown>('both', { version: 1 }).then('ask', async (ctx) => {
  note(ctx);
  const asked = (ctx.isResumed ? ctx.resumeData : null) as { then?: string } | null;
  return asked?.then === undefined && ctx.isResumed ? ctx.resumeData : ask(ctx);
});

describe('a step that suspends', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [guarded, impatient, stubborn, hasty, napping, stranger, both] });
  });
  afterAll(() => engine.close());

  const waiting = async (workflowName: string): Promise<{ runId: string; handle: AsyncResultHandle }> => {
    const runId = await engine.start(workflowName);
    await engine.waitFor(runId, RunStatus.waiting);
    return { runId, handle: handles.get(runId) as AsyncResultHandle };
  };
  const settle = (id: string, value: unknown) => engine.runs.settleAsyncResult({ tenant: TENANT, id }, { ok: true, value });
  const entriesOf = (runId: string) => entries.filter((entry) => entry.runId === runId);

  it.each([0, false, '', null, [], { deep: [0] }] as Json[])(
    'is resumed by the guard with %j, once, and the value is its output',
    async (value) => {
      const { runId, handle } = await waiting('guarded');
      await settle(handle.id, value);
      await engine.waitFor(runId, RunStatus.completed);
      expect(await engine.output(runId)).toEqual({ got: value });
      expect(entriesOf(runId).map(({ attempt, isResumed }) => ({ attempt, isResumed }))).toEqual([
        { attempt: 1, isResumed: false },
        { attempt: 1, isResumed: true },
      ]);
    },
  );

  it('waits with its reason, by a row and without a lease', async () => {
    const { runId } = await waiting('guarded');
    expect(await engine.row(runId)).toMatchObject({ wait_reasons: ['async-result'], worker: null, due_at: null });
  });

  it('takes the first result only, and says so to the second, before and after the first was consumed', async () => {
    const { runId, handle } = await waiting('guarded');
    const outcomes = await Promise.allSettled([settle(handle.id, 1), settle(handle.id, 2), settle(handle.id, 3)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    // A late one may find the run ended already.
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(['ASYNC_RESULT_SETTLED', 'RUN_ENDED']).toContain((outcome.reason as StepwellError).code);
    await engine.waitFor(runId, RunStatus.completed);
    await expect(settle(handle.id, 4)).rejects.toMatchObject({ code: 'RUN_ENDED' });
    const settled = (await engine.facts(runId)).filter(({ type }) => type === 'async-result.settled');
    expect(settled).toHaveLength(1);
  });

  it('refuses a second result also when the first was large and the step waits for another one', async () => {
    const { runId, handle } = await waiting('both');
    await settle(handle.id, { then: 'again', ballast: 'x'.repeat(100_000) });
    await until(
      () => handles.get(runId)?.id,
      (id) => id !== handle.id,
      'The step should ask again',
    );
    await engine.waitFor(runId, RunStatus.waiting);
    await expect(settle(handle.id, 2)).rejects.toMatchObject({ code: 'ASYNC_RESULT_SETTLED' });
    await settle((handles.get(runId) as AsyncResultHandle).id, 'enough');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('enough');
    expect(entriesOf(runId).map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  });

  it('finds a result that came before it began to wait', async () => {
    const runId = await engine.start('hasty');
    await early.created.opened;
    await settle((handles.get(runId) as AsyncResultHandle).id, 'early');
    early.mayWait.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('early');
  });

  it('fails when the result is rejected, by its retry policy, with the same idempotency key in the next attempt', async () => {
    const { runId, handle } = await waiting('stubborn');
    await engine.runs.settleAsyncResult({ tenant: TENANT, id: handle.id }, { ok: false, reason: 'no stamps' });
    await until(
      () => handles.get(runId)?.id,
      (id) => id !== handle.id,
      'The second attempt should ask again',
    );
    const second = handles.get(runId) as AsyncResultHandle;
    await engine.waitFor(runId, RunStatus.waiting);
    await engine.runs.settleAsyncResult({ tenant: TENANT, id: second.id }, { ok: false, reason: 'still none' });
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({
      error_code: 'ASYNC_RESULT_REJECTED',
      error_message: 'The outside service answered with an error: still none',
    });
    const tries = entriesOf(runId);
    expect(tries.map(({ attempt, isResumed }) => ({ attempt, isResumed }))).toEqual([
      { attempt: 1, isResumed: false },
      { attempt: 2, isResumed: false },
    ]);
    expect(new Set(tries.map(({ key }) => key)).size).toBe(1);
  });

  it('fails when nothing comes in time; what comes later is kept and changes nothing', async () => {
    const runId = await engine.start('impatient');
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'WAIT_TIMED_OUT' });
    await expect(settle((handles.get(runId) as AsyncResultHandle).id, 1)).rejects.toMatchObject({ code: 'RUN_ENDED' });
  });

  it('may sleep for a while; what it emitted before is dropped, what it emits when woken is kept', async () => {
    const runId = await engine.start('napping');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ woken: null });
    expect(entriesOf(runId).map(({ attempt, isResumed }) => ({ attempt, isResumed }))).toEqual([
      { attempt: 1, isResumed: false },
      { attempt: 1, isResumed: true },
    ]);
    expect(await engine.query('SELECT payload FROM events WHERE source_run = $1', [runId])).toEqual([{ payload: { after: true } }]);
  });

  it('may not wait for an id of another run', async () => {
    const runId = await engine.start('stranger');
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'OPTION_INVALID' });
  });

  it('gives a signed URL: the signature opens this one result and nothing else', async () => {
    const { runId, handle } = await waiting('guarded');
    const other = await waiting('guarded');
    const url = new URL(handle.callbackUrl);
    expect(url.pathname).toBe(`/async-results/${handle.id}`);
    const signature = url.searchParams.get('signature') as string;
    const attack = async (id: string, signed: string) => engine.runs.settleSigned(id, signed, { ok: true, value: 'forged' });
    await expect(attack(other.handle.id, signature)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    await expect(attack(handle.id, `${signature}x`)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    await expect(attack(handle.id, signature.split('.')[1] as string)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    const elsewhere = `${Buffer.from('another-tenant').toString('base64url')}.${signature.split('.')[1]}`;
    await expect(attack(handle.id, elsewhere)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    await engine.runs.settleSigned(handle.id, signature, { ok: true, value: 'genuine' });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ got: 'genuine' });
  });

  it('refuses ids that are none of ours and values that are not JSON, naming the place', async () => {
    await expect(settle('nonsense', 1)).rejects.toMatchObject({ code: 'ASYNC_RESULT_NOT_FOUND' });
    await expect(settle('01890a5d-ac96-774b-bcce-b302099a8057.AAAAAAAAAAAA', 1)).rejects.toMatchObject({ code: 'ASYNC_RESULT_NOT_FOUND' });
    const { runId, handle } = await waiting('guarded');
    const refusal = await settle(handle.id, { at: { what: 'nul\u0000' } }).catch((error: unknown) => error as StepwellError);
    expect(refusal).toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: '$.at.what' }] });
    expect((await engine.row(runId)).status).toBe(RunStatus.waiting);
  });
});
