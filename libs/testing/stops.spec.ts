/** Stops behind steps, in the test kit: in memory, and with a crash at every commit. */
import { type CompletedStep, type Interceptor, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsBoolean, IsInt, IsOptional } from 'class-validator';
import { crashAtEveryCommit, testKit, type TestKit } from './index.js';

class Payment {
  @IsInt()
  amount!: number;

  @IsOptional()
  @IsBoolean()
  isApproved?: boolean;
}

const asked: Omit<CompletedStep, 'stop'>[] = [];
const paid: string[] = [];
let answer: (step: CompletedStep) => unknown = () => undefined;
class Gate implements Interceptor {
  onStepComplete(step: CompletedStep): unknown {
    const {
      stepName,
      path,
      iteration,
      attempt,
      output,
      duration,
      context,
      checkpoint,
      tenant,
      runId,
      workflow: name,
      version,
      actor,
    } = step;
    const about = { tenant, runId, workflow: name, version, actor };
    asked.push({ ...about, stepName, path, iteration, attempt, output, duration, context, checkpoint });
    return answer(step);
  }
}

const payment = workflow<Payment>('payment', { version: 1, input: Payment, interceptors: [Gate], delivery: 'direct' })
  .then('assess', (ctx) => ({ isLarge: ctx.input.amount > 1_000 }))
  .when(
    (ctx) => !ctx.resultOf<{ isLarge: boolean }>('assess').isLarge || ctx.input.isApproved === true,
    (yes) =>
      yes.then('pay', (ctx) => {
        paid.push(ctx.idempotencyKey);
        return ctx.input.amount;
      }),
  );
const beside = workflow<unknown>('beside', { version: 1, interceptors: [Gate] })
  .parallel({ left: (left) => left.then('one', () => 1).then('two', () => 2), right: (right) => right.then('three', () => 3) })
  .then('end', () => 'both');

@WorkflowModule({ workflows: [payment, beside], providers: [Gate] })
class PaymentModule {}

const workflows = [PaymentModule];
const stopAt =
  (...names: string[]) =>
  ({ stepName, stop }: CompletedStep) =>
    names.includes(stepName) ? stop() : undefined;
const checkpointOf = (name: string) => asked.findLast(({ stepName }) => stepName === name)?.checkpoint ?? '';

describe('a run that is stopped behind a step', () => {
  let t: TestKit;
  beforeEach(async () => {
    for (const list of [asked, paid]) list.length = 0;
    answer = stopAt('assess');
    t = await testKit({ workflows, store: 'memory' });
  });
  afterEach(() => t.close());

  it('waits for its checkpoint, can say what it knows, and is told of every step with all that is known there', async () => {
    const run = await t.start(payment, { amount: 5_000 });
    expect([await run.status(), await run.waitsFor(), paid]).toEqual(['waiting', ['checkpoint'], []]);
    const context = { input: { amount: 5_000 }, outputs: [{ path: 'assess', iteration: '', output: { isLarge: true } }], saved: [] };
    expect(await run.context()).toEqual(context);
    expect(asked).toMatchObject([{ runId: run.id, stepName: 'assess', attempt: 1, output: { isLarge: true }, duration: 0, context }]);
    await t.advance('30d');
    expect(await run.status()).toBe('waiting');
  });

  it('goes on itself, once, with what is laid over its input before anything is chosen by it', async () => {
    const run = await t.start(payment, { amount: 5_000 });
    await expect(t.runCheckpoint(checkpointOf('assess'), { overrideData: { isApproved: 'yes' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      fields: [{ path: 'isApproved' }],
    });
    const next = await t.runCheckpoint(checkpointOf('assess'), { overrideData: { isApproved: true } });
    expect([next.id, await run.output(), asked.map(({ stepName }) => stepName)]).toEqual([run.id, 5_000, ['assess', 'pay']]);
    await expect(t.runCheckpoint(checkpointOf('assess'))).rejects.toMatchObject({ code: 'CHECKPOINT_USED' });
  });

  it('completes no sooner when it is the last step behind which it stops', async () => {
    answer = stopAt('pay');
    const run = await t.start(payment, { amount: 5 });
    expect([await run.status(), paid.length]).toEqual(['waiting', 1]);
    await t.runCheckpoint(checkpointOf('pay'));
    expect(await run.output()).toBe(5);
  });

  it('can be canceled, and does not come back', async () => {
    const run = await t.start(payment, { amount: 5_000 });
    await t.cancel(run);
    expect(await run.status()).toBe('canceled');
    await expect(t.runCheckpoint(checkpointOf('assess'))).rejects.toMatchObject({ code: 'RUN_ENDED' });
  });

  it('is stopped by one that throws as well: what it was to guard does not happen unseen', async () => {
    answer = ({ stepName }) => {
      if (stepName === 'assess') throw new Error('Redis is away');
    };
    const run = await t.start(payment, { amount: 5 });
    const failed = (await run.journal()).filter(({ type }) => type === 'interceptor.failed');
    expect([await run.waitsFor(), failed.map(({ path, payload }) => [path, payload])]).toMatchObject([
      ['checkpoint'],
      [['assess', { hook: 'onStepComplete', fault: { message: 'Redis is away' } }]],
    ]);
    await t.runCheckpoint(checkpointOf('assess'));
    expect(await run.output()).toBe(5);
  });

  it('lets what runs beside come to its output, and goes on when each place where it stopped was run', async () => {
    answer = stopAt('one', 'three');
    const run = await t.start(beside, null);
    expect(asked.map(({ stepName }) => stepName)).toEqual(['one', 'three']);
    await t.runCheckpoint(checkpointOf('three'));
    expect([await run.waitsFor(), asked.length]).toEqual([['checkpoint'], 2]);
    await t.runCheckpoint(checkpointOf('one'));
    expect([await run.output(), asked.map(({ stepName }) => stepName)]).toEqual(['both', ['one', 'three', 'two', 'end']]);
  });
});

it('asks again after a crash before the answer is written, and no step behind a stop begins, whenever the process dies', async () => {
  answer = stopAt('assess');
  const { commits } = await crashAtEveryCommit({ workflows, store: 'memory' }, async (t) => {
    for (const list of [asked, paid]) list.length = 0;
    const run = await t.start(payment, { amount: 5_000, isApproved: true });
    expect([await run.waitsFor(), paid]).toEqual([['checkpoint'], []]);
    await t.runCheckpoint(asked[0]?.checkpoint ?? '');
    expect([await run.output(), new Set(paid).size]).toEqual([5_000, 1]);
    for (const { checkpoint } of asked.filter(({ stepName }) => stepName === 'assess'))
      await expect(t.runCheckpoint(checkpoint)).rejects.toMatchObject({ code: 'CHECKPOINT_USED' });
  });
  expect(commits).toBeGreaterThan(4);
});
