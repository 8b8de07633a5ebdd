import { type CaughtError, event, type Flow, workflow } from '@stepwell/sdk';
import { type DriverStepContext, RunDriver } from '../testing/run-driver.js';

type Branch = (flow: Flow<unknown>) => Flow<unknown>;

const begin = () => workflow<unknown>('order', { version: 1 });
const fails =
  (id: string, message = 'no'): Branch =>
  (flow) =>
    flow.then(id, () => {
      throw new Error(message);
    });
const step =
  (id: string): Branch =>
  (flow) =>
    flow.then(id, () => id);
const ERROR = { code: 'STEP_FAILED', message: 'no', path: 'try-1/try/charge', iteration: '' };

async function ended(flow: Flow<unknown>): Promise<RunDriver> {
  const driver = RunDriver.of(flow);
  await driver.settle();
  expect(driver.hasEnded).toBe(true);
  return driver;
}

describe('try', () => {
  it('gives the last result of its branch, and writes no fact of its own when all goes well', async () => {
    const driver = await ended(begin().try(step('charge'), { catch: step('other') }));
    expect(driver.state.output).toBe('charge');
    expect(driver.facts).toEqual(['run.started', 'step.completed', 'run.ended']);
  });

  it('hands a failure to its catch as data: code, message and the node that failed', async () => {
    const seen: (CaughtError | undefined)[] = [];
    const driver = await ended(
      begin()
        .try((flow) => flow.then('before', () => 1).parallel({ a: fails('charge') }, { id: 'pay' }), {
          catch: (flow) => flow.when((ctx) => ctx.error.message === 'no', (yes) => yes.then('other', (ctx) => (seen.push(ctx.error), 'paid'))), // prettier-ignore
        })
        .then('after', (ctx) => (seen.push(ctx.maybeError), ctx.resultOf('try-1'))),
    );
    expect(driver.state.output).toBe('paid');
    expect(seen).toEqual([{ ...ERROR, path: 'try-1/try/pay/a/charge' }, undefined]);
    expect(() => (seen[0] as { message: string }).message += '!').toThrow(TypeError); // prettier-ignore
  });

  it('catches what its branch throws where a choice is to be made, and what a loop in it fails with', async () => {
    const broken = () => JSON.parse('{') as boolean;
    const read = (ctx: DriverStepContext) => [ctx.error.path, ctx.error.iteration];
    const catching: Branch = (flow) => flow.then('read', read as never);
    const choice = await ended(begin().try((flow) => flow.when(broken, step('yes')), { catch: catching }));
    expect(choice.state.output).toEqual(['try-1/try/when-1', '']);
    const loop = await ended(begin().try((flow) => flow.forEach(() => [1, 2], fails('charge')), { catch: catching }));
    expect(loop.state.output).toEqual(['try-1/try/for-each-1/each/charge', '0']);
  });

  it('fails with the error of its catch, whose cause is the first one', async () => {
    const { fault } = (await ended(begin().try(fails('charge'), { catch: fails('other', 'nor that') }))).state;
    expect(fault).toMatchObject({ message: 'nor that', path: 'try-1/catch/other', cause: ERROR });
    expect(fault?.cause).not.toHaveProperty('stack');
  });

  it('runs its finally after the branch or the catch, and keeps their output or failure', async () => {
    const well = await ended(begin().try(step('charge'), { finally: step('last') }));
    expect([well.state.output, well.read.resultOf('last')]).toEqual(['charge', 'last']);
    const caught = await ended(begin().try(fails('charge'), { catch: step('other'), finally: step('last') }));
    expect([caught.state.output, caught.read.resultOf('last')]).toEqual(['other', 'last']);
    const bad = await ended(begin().try(fails('charge'), { finally: step('last') }));
    expect([bad.state.fault?.path, bad.read.resultOf('last')]).toEqual(['try-1/try/charge', 'last']);
  });

  it('tells its finally of a failure, and fails with that of the finally, whose cause is the first one', async () => {
    const seen: unknown[] = [];
    const last = (ctx: { maybeError: CaughtError | undefined }) => void seen.push(ctx.maybeError?.message);
    await ended(begin().try(step('charge'), { finally: (flow) => flow.then('last', last as never) }));
    const { state } = await ended(
      begin().try(fails('charge'), { finally: (flow) => fails('end', 'stuck')(flow.then('last', last as never)) }),
    );
    expect(seen).toEqual([undefined, 'no']);
    expect(state.fault).toMatchObject({ message: 'stuck', path: 'try-1/finally/end', cause: ERROR });
  });

  it('gives undefined for a node of a catch that was not needed', async () => {
    const flow = begin().try(step('charge'), { catch: step('other') }).then('after', (ctx) => ctx.resultOf('other') ?? 'nothing'); // prettier-ignore
    expect((await ended(flow)).state.output).toBe('nothing');
  });

  it('gives the error of the innermost catch', async () => {
    const inner: Branch = (flow) =>
      flow.try(fails('other', 'nor that'), { catch: (last) => last.then('read', (ctx) => ctx.error.message) });
    expect((await ended(begin().try(fails('charge'), { catch: inner }))).state.output).toBe('nor that');
  });

  it('refuses ctx.error outside of a catch', async () => {
    const { fault } = (await ended(begin().try((flow) => flow.when((ctx) => ctx.error.code === '', step('yes')), { finally: step('last') }))).state; // prettier-ignore
    expect(fault?.message).toContain('ctx.error is read by a node that stands in no catch');
  });

  it('is refused without a catch and a finally', () => {
    expect(() => begin().try(step('charge'), {} as never)).toThrow('Workflow "order", try "try-1": it needs a catch, a finally, or both.');
  });
});

describe('a finally', () => {
  const waiting = () => begin().try((flow) => flow.wait('1h'), { finally: (flow) => flow.then('release', () => 1).wait('5m').then('last', () => 2) }); // prettier-ignore
  const cancel = (driver: RunDriver, isForced = false) =>
    driver.database.append('cancel.requested', { reason: 'late', by: null, isForced });

  it('is run when the run is canceled, through every crash; canceled comes last', async () => {
    const driver = RunDriver.of(waiting());
    await driver.make('commit');
    cancel(driver);
    for (let count = 0; !driver.hasEnded && count < 200; count++) {
      await driver.moves()[0]?.make();
      if (count % 5 === 0) driver.crash();
    }
    expect(driver.state.status).toBe('canceled');
    const facts = driver.database.journal.map(({ type, path }) => `${type} ${path.split('/').at(-1)}`.trim());
    expect(facts.slice(3)).toEqual(['cancel.requested', 'ending.began', 'step.completed release', 'wait.started wait-2', 'wait.completed wait-2', 'step.completed last', 'run.ended']); // prettier-ignore
  });

  it('is not begun when the cancel came before the try was entered', async () => {
    const driver = RunDriver.of(waiting());
    cancel(driver);
    await driver.make('read the inbox');
    await driver.settle();
    expect(driver.facts).toEqual(['run.started', 'cancel.requested', 'run.ended']);
  });

  it('is run to its end by the inner try first, when both are canceled', async () => {
    const driver = RunDriver.of(
      begin().try((flow) => flow.try((inner) => inner.wait('1h'), { finally: step('inner-last') }), { finally: step('outer-last') }),
    );
    await driver.make('commit');
    cancel(driver);
    await driver.make('begin try-1/try/try-2/finally/inner-last!1.0');
    expect(driver.possible).not.toContain('begin try-1/finally/outer-last!1.0');
    await driver.settle();
    expect(driver.read.resultOf('outer-last')).toBe('outer-last');
  });

  it('is run when another branch fails, which its parallel waits for', async () => {
    const driver = await ended(begin().parallel({ a: (flow) => flow.try((inner) => inner.wait('1h'), { finally: step('last') }), b: fails('charge') })); // prettier-ignore
    expect(driver.state).toMatchObject({ status: 'failed', fault: { path: 'parallel-1/b/charge' } });
    expect(driver.read.resultOf('last')).toBe('last');
  });

  it('is run when a condition in the branch throws, which fails the run', async () => {
    const driver = await ended(begin().try((flow) => flow.when(() => JSON.parse('{') as boolean, step('yes')), { finally: step('last') }));
    expect(driver.state.status).toBe('failed');
    expect(driver.read.resultOf('last')).toBe('last');
  });

  it('is told of no failure when a step of the branch was canceled: that is none', async () => {
    const seen: unknown[] = [];
    const sleeps = (ctx: unknown) => (ctx as DriverStepContext).suspendFor(60_000);
    const driver = RunDriver.of(begin().try((flow) => flow.then('charge', sleeps), { finally: (flow) => flow.then('last', (ctx) => void seen.push(ctx.maybeError)) })); // prettier-ignore
    await driver.make('finish try-1/try/charge!1.0');
    await driver.make('commit');
    cancel(driver);
    await driver.settle();
    expect([driver.state.status, ...seen]).toEqual(['canceled', undefined]);
  });

  it('leaves a canceled run canceled when it fails', async () => {
    const driver = RunDriver.of(begin().try((flow) => flow.wait('1h'), { finally: fails('release') }));
    await driver.make('commit');
    cancel(driver);
    await driver.settle();
    expect(driver.state.status).toBe('canceled');
  });

  it('is given up by a forced cancel, also by one that comes while it is run', async () => {
    const driver = RunDriver.of(waiting());
    await driver.make('commit');
    cancel(driver);
    await driver.make('begin try-1/finally/release!1.0');
    cancel(driver);
    await driver.make('read the inbox');
    expect(driver.possible.join()).not.toContain('end as');
    cancel(driver, true);
    await driver.make('read the inbox');
    expect(driver.possible).toContain('end as canceled');
  });

  it('is run again by the retry of the run, and what completed in the branch is not', async () => {
    let isBroken = true;
    const flow = begin().try(
      (inner) => inner.then('charge', () => 'charged').then('book', () => (isBroken ? JSON.parse('{') : 'booked') as string),
      { finally: (inner) => inner.then('release', () => 1).emit(event('released'), () => ({})) },
    );
    const first = await ended(flow);
    isBroken = false;
    const second = first.retry();
    await second.settle();
    expect(second.state).toMatchObject({ status: 'completed', output: 'booked' });
    expect([...second.executions.keys()]).toEqual(['try-1/try/book', 'try-1/finally/release']);
    expect(second.database.events).toHaveLength(1);
  });

  it('of a catch that failed: the retry of the run goes on in the catch', async () => {
    let isBroken = true;
    const flow = begin().try(fails('charge'), { catch: (inner) => inner.then('other', (ctx) => (isBroken ? JSON.parse('{') : ctx.error.message) as string) }); // prettier-ignore
    const first = await ended(flow);
    isBroken = false;
    const second = first.retry();
    await second.settle();
    expect([second.state.output, ...second.executions.keys()]).toEqual(['no', 'try-1/catch/other']);
  });
});
