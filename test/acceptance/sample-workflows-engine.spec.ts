/**
 * The acceptance tests of Sample Workflows that are about runs, by their own words, on the real engine in memory. Those that need the API
 * are in `sample-workflows-server.int-spec.ts`. What a word of theirs is here: `docs/porting.md`.
 */
import { IsString } from 'class-validator';
import {
  cancelBy,
  event,
  on,
  type PlacementOptions,
  Screen,
  type ScreenHandler,
  Step,
  type StepContext,
  type StepHandler,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';
import { crashAtEveryCommit, hangs, testKit, type TestKit } from '@stepwell/sdk/testing';

/** Handlers of steps that a test fills in. */
abstract class Empty implements StepHandler<unknown, never> {
  run(): unknown {
    throw new Error('The test has not said what this step does.');
  }
}
@Step({ id: 'send' })
class Send extends Empty {}
@Step({ id: 'visit' })
class Visit extends Empty {}

@Step({ id: 'ask' })
class Ask implements StepHandler<unknown, unknown> {
  static entered: unknown[] = [];
  async run(ctx: StepContext) {
    Ask.entered.push(ctx.isResumed ? ctx.resumeData : 'first');
    if (ctx.isResumed) return ctx.resumeData;
    return ctx.resumeWhenComplete((await ctx.createAsyncResult()).id);
  }
}

class Answer {
  @IsString()
  result!: string;
}
@Screen({ id: 'greeting', title: 'Greet' })
class Greeting implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

const failing = (id: string, options: PlacementOptions<unknown>) => workflow<unknown>(id, { version: 1 }).then(Send, options);
const fourAttempts = failing('four-attempts', { retry: { attempts: 4, backoff: '100ms' } });
const backoffAlone = failing('backoff-alone', { retry: { backoff: '100ms' } });

const calls: string[] = [];
const called =
  <T>(name: string, output: T) =>
  () => (calls.push(name), output);
const letter = workflow<unknown>('letter', { version: 1 })
  .then('fetch', called('fetch', 'the case'))
  .then('generate', called('generate', 'the letter'))
  .then(Send, { retry: { attempts: 3, backoff: '1m' } });

const suspending = workflow<unknown>('suspending', { version: 1 })
  .then(Ask)
  .then('next', (ctx) => ({ previous: ctx.resultOf(Ask) }));
const greeting = workflow<unknown>('greeting-flow', { version: 1 })
  .screen(Greeting)
  .then('after', (ctx) => ctx.resultOf<Answer>('greeting').result);

const Wanted = event<{ start: boolean }>('run.wanted', { external: true });
const wanted = workflow<{ start?: boolean }>('wanted', {
  version: 1,
  startOn: [on(Wanted, ({ payload }) => (payload.start ? { input: {} } : null))],
}).then('say', (ctx) => ({ startData: ctx.input }));

const OrderCanceled = event<{ order: string }>('order.canceled', { external: true });
const order = workflow<{ order: string }>('order', {
  version: 1,
  cancelOn: [cancelBy(OrderCanceled, (input) => ({ order: input.order }))],
}).wait('1d');

const loop = workflow<{ names: string[] }>('loop', { version: 1 }).forEach<string>(
  (ctx) => ctx.input.names,
  (each) => each.then(Visit),
);

const finished: string[] = [];
const ran = (id: string, output: unknown) => () => (finished.push(id), output);
const whole = workflow<{ names: string[] }>('whole', { version: 1 })
  .then('begin', ran('begin', 1))
  .then(Ask)
  .forEach<string>(
    (ctx) => ctx.input.names,
    (each, nameOf) => each.then('name', (ctx) => ran(`name ${ctx.index}`, nameOf(ctx))()),
    { id: 'names' },
  )
  .screen(Greeting)
  .forEachRun(
    (ctx) => ctx.input.names,
    wanted,
    () => ({ start: true }),
    { id: 'runs' },
  ) // prettier-ignore
  .wait('1h')
  .then('end', (ctx) => ran('end', [ctx.resultOf('names'), ctx.resultOf('runs'), ctx.resultOf<Answer>('greeting').result])());

@WorkflowModule({
  workflows: [fourAttempts, backoffAlone, letter, suspending, greeting, wanted, order, loop, whole],
  providers: [Send, Visit, Ask, Greeting],
})
class AcceptanceModule {}

const OPTIONS = { workflows: [AcceptanceModule] };

describe('Sample Workflows, acceptance', () => {
  let t: TestKit;
  beforeEach(async () => {
    calls.length = 0;
    Ask.entered = [];
    t = await testKit(OPTIONS);
  });
  afterEach(() => t.close());

  /** When the step was tried, counted from its first attempt. */
  const attempts = async (flow: typeof fourAttempts): Promise<number[]> => {
    const times: number[] = [];
    t.stub(Send, () => {
      times.push(t.now.getTime());
      throw new Error('no');
    });
    const run = await t.start(flow, {});
    await t.advance('1h');
    expect(await run.status()).toBe('failed');
    return times.map((at) => at - (times[0] ?? 0));
  };

  it('1. `numRetries: 3, backoff: 100` -> 4 attempts at ~0, 100, 300, 700 ms. `backoff` alone -> 1 attempt. `backoff: -1` -> definition error', async () => {
    expect(await attempts(fourAttempts)).toEqual([0, 100, 300, 700]);
    expect(await attempts(backoffAlone)).toEqual([0]);
    expect(() => failing('negative', { retry: { attempts: 4, backoff: '-1ms' } })).toThrow(/negative/);
  });

  it('2. Send step fails twice then passes -> fetch and generate ran once each', async () => {
    let sent = 0;
    t.stub(Send, () => {
      if (++sent < 3) throw new Error('the mail server is away');
      return 'sent';
    });
    const run = await t.start(letter, {});
    await t.advance('1h');
    expect([await run.output(), sent, calls]).toEqual(['sent', 3, ['fetch', 'generate']]);
  });

  it("3. Suspending step: body entered twice; second time `resumeData` equals the job result; next step sees it as that step's result", async () => {
    const run = await t.start(suspending, {});
    await t.resolve(Ask, { job: 'done' });
    expect(Ask.entered).toEqual(['first', { job: 'done' }]);
    expect(await run.output()).toEqual({ previous: { job: 'done' } });
  });

  it('4. Screen `handleComplete({result: "confirmed"})` -> `getStepResult("greeting") === "confirmed"`', async () => {
    const run = await t.start(greeting, {});
    await t.answer(Greeting, { result: 'confirmed' });
    expect(await run.output()).toBe('confirmed');
  });

  it('7. `startOn` returning null -> event recorded, zero runs. `{}` -> run with empty start data', async () => {
    await t.emit(Wanted, { start: false });
    expect([(await t.events()).length, (await t.runs()).length]).toEqual([1, 0]);
    await t.emit(Wanted, { start: true });
    const [run, ...others] = await t.runs();
    expect([await t.run(run?.id ?? '').output(), others]).toEqual([{ startData: {} }, []]);
  });

  it('8. `cancelOn` true for run A only -> A cancelled, B untouched', async () => {
    const [a, b] = [await t.start(order, { order: 'A' }), await t.start(order, { order: 'B' })];
    await t.emit(OrderCanceled, { order: 'A' });
    expect([await a.status(), await b.status()]).toEqual(['canceled', 'waiting']);
    await t.advance('1d');
    expect(await b.status()).toBe('completed');
  });

  it('11. Loop over 3 items -> `scope.i` 0,1,2; kill process in item 1 -> restart continues at item 1, item 0 not re-run', async () => {
    const visited: number[] = [];
    const visit = (ctx: unknown) => (visited.push((ctx as StepContext).index), (ctx as StepContext).item);
    t.stub(Visit, (ctx) => {
      t.stub(Visit, hangs);
      return visit(ctx);
    });
    const run = await t.start(loop, { names: ['a', 'b', 'c'] });
    expect([await run.status(), visited]).toEqual(['running', [0]]);
    t.stub(Visit, visit);
    await t.crash();
    expect([await run.output(), visited]).toEqual([
      ['a', 'b', 'c'],
      [0, 1, 2],
    ]);
  });
});

it('12. Kill the process between any two persisted points -> same final result, no finished step re-run', async () => {
  let most = 0;
  const report = await crashAtEveryCommit(OPTIONS, async (t) => {
    finished.length = 0;
    const run = await t.start(whole, { names: ['a', 'b'] });
    await t.resolve(Ask, 'answered');
    await t.answer(Greeting, { result: 'confirmed' });
    await t.advance('1h');
    expect(await run.output()).toEqual([['a', 'b'], { total: 2, completed: 2, failed: 0 }, 'confirmed']);
    const journal = await run.journal();
    const ends = journal.filter(({ type }) => type === 'step.completed').map(({ path, iteration }) => `${path} ${iteration}`);
    expect(new Set(ends).size).toBe(ends.length);
    // One process died, so of the steps that it was in, and of no others, some ran twice: side by side none of these.
    most = Math.max(most, finished.length);
    expect(finished.length - new Set(finished).size).toBeLessThanOrEqual(t.crashes);
  });
  expect(report.crashes).toBeGreaterThan(20);
  // Some crash does come between a step and its commit.
  expect(most).toBe(5);
});
