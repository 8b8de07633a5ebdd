/** The kit itself: the same scenarios in memory and on a real PostgreSQL. */
import { IsIn, IsInt } from 'class-validator';
import {
  event,
  on,
  Screen,
  type ScreenHandler,
  Step,
  type StepContext,
  type StepHandler,
  UnknownEffectError,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';
import { crashAtEveryCommit, hangs, replayJournal, testKit, type TestKit } from './index.js';

class Order {
  @IsInt()
  total!: number;
}

class Verdict {
  @IsIn(['approve', 'refuse'])
  verdict!: 'approve' | 'refuse';
}

@Step({ id: 'charge', timeout: '30s', retry: { attempts: 3, backoff: '1m' } })
class Charge implements StepHandler<{ receipt: string }, Order> {
  run(): { receipt: string } {
    return { receipt: 'r-1' };
  }
}

@Step({ id: 'ask-bank' })
class AskBank implements StepHandler<unknown, Order> {
  async run(ctx: StepContext<Order>) {
    if (ctx.isResumed) return ctx.resumeData;
    const { id } = await ctx.createAsyncResult();
    return ctx.resumeWhenComplete(id, { timeout: '2d' });
  }
}

@Step({ id: 'book' })
class Book implements StepHandler<unknown, Order> {
  run(ctx: StepContext<Order>) {
    return ctx.transaction(() => Promise.resolve({ booked: ctx.input.total }));
  }
}

@Screen({ id: 'approve', title: 'Approve' })
class Approve implements ScreenHandler<{ total: number }, Verdict, Order> {
  readonly answer = Verdict;
  props = (ctx: { input: Order }) => ({ total: ctx.input.total });
}

class Bank {
  readonly payments: string[] = [];
}

@Step({ id: 'pay-out', externalEffect: true })
class PayOut implements StepHandler<string, Order> {
  constructor(private readonly bank: Bank) {}

  run(ctx: StepContext<Order>): string {
    this.bank.payments.push(ctx.idempotencyKey);
    throw new UnknownEffectError('The line went dead.');
  }

  verify(ctx: StepContext<Order>) {
    return { happened: true, output: `payment ${this.bank.payments.indexOf(ctx.idempotencyKey)}` } as const;
  }
}

const Paid = event<{ total: number }>('order.paid');
const Shipped = event<{ parcel: string }>('order.shipped', { external: true });

const thanks = workflow<{ total: number }>('thanks', {
  version: 1,
  startOn: [on(Paid, ({ payload }) => (payload.total > 0 ? { input: payload } : null))],
}).then('thank', (ctx) => `thanks for ${ctx.input.total}`);

const order = workflow('order', { input: Order, version: 1 })
  .then(Charge)
  .when(
    (ctx) => ctx.input.total > 100,
    (yes) => yes.screen(Approve, { due: '4h' }),
    { id: 'large' },
  )
  .parallel({ bank: (branch) => branch.then(AskBank), book: (branch) => branch.then(Book) }, { id: 'both' })
  .wait('3d')
  .waitForEvent(Shipped, { id: 'shipped', timeout: '30d' })
  .emit(Paid, (ctx) => ({ total: ctx.input.total }))
  .then('close', (ctx) => ({ total: ctx.input.total, bank: ctx.resultOf(AskBank) }));

const family = workflow<{ totals: number[] }>('family', { version: 1 }).forEach<number>(
  (ctx) => ctx.input.totals,
  (branch, itemOf) => branch.subWorkflow(thanks, (ctx) => ({ total: itemOf(ctx) })),
  { id: 'each' },
);

const refund = workflow('refund', { input: Order, version: 1 }).then(PayOut);

@WorkflowModule({ workflows: [order, thanks, family, refund], providers: [Charge, AskBank, Book, Approve, PayOut, Bank] })
class OrderModule {}

async function happyPath(t: TestKit): Promise<void> {
  const run = await t.start(order, { total: 250 });
  await t.answer(Approve, { verdict: 'approve' });
  await t.resolve(AskBank, 'ok');
  await t.advance('3d');
  await t.emit(Shipped, { parcel: 'p' });
  expect(await run.output()).toEqual({ total: 250, bank: 'ok' });
}

describe.each(['memory', 'postgres'] as const)('the test kit, %s', (store) => {
  const open = () => testKit({ workflows: [OrderModule], store, now: '2026-03-01T00:00:00Z' });
  let t: TestKit;
  beforeEach(async () => {
    t = await open();
  });
  afterEach(() => t.close());

  it('plays a run from its start over a task, a result, a timer and an event to its end, and what the end starts', async () => {
    const run = await t.start(order, { total: 250 });
    expect(await run.waitsFor()).toEqual(['task']);
    expect(await t.openTasks()).toMatchObject([{ screen: 'approve', props: { total: 250 }, dueAt: Date.parse('2026-03-01T04:00:00Z') }]);
    await t.answer(Approve, { verdict: 'approve' });
    expect(await t.openTasks()).toEqual([]);
    await t.resolve(AskBank, 'ok');
    expect(await run.waitsFor()).toEqual(['timer']);
    await t.advance('71h');
    expect(await run.waitsFor()).toEqual(['timer']);
    await t.advance('1h');
    expect(await run.waitsFor()).toEqual(['event']);
    expect(t.now.toISOString()).toBe('2026-03-04T00:00:00.000Z');
    await t.emit(Shipped, { parcel: 'p' });
    expect(await run.output()).toEqual({ total: 250, bank: 'ok' });
    expect(await t.runs()).toMatchObject([
      { workflow: 'order', status: 'completed' },
      { workflow: 'thanks', status: 'completed' },
    ]);
    expect((await t.events()).map(({ name }) => name)).toEqual(['order.shipped', 'order.paid']);
  });

  it('retries after virtual time, times out what hangs, and fails as the policy says', async () => {
    let calls = 0;
    t.stub(Charge, () => {
      calls++;
      throw new Error('no money');
    });
    const run = await t.start(order, { total: 1 });
    expect(calls).toBe(1);
    await t.advance('59s');
    expect(calls).toBe(1);
    await t.advance('1s');
    expect(calls).toBe(2);
    t.stub(Charge, hangs);
    await t.advance('2m');
    expect(await run.status()).toBe('running');
    await t.advance('30s');
    expect(await run.error()).toMatchObject({ code: 'STEP_TIMED_OUT' });
    await expect(run.output()).rejects.toThrow('has ended as failed (STEP_TIMED_OUT');
  });

  it('cancels, and lets nobody say anything to what has ended', async () => {
    const run = await t.start(order, { total: 250 });
    await t.cancel(run, 'not wanted');
    expect([await run.status(), (await t.tasks()).map(({ status }) => status)]).toEqual(['canceled', ['canceled']]);
    await expect(t.cancel(run)).rejects.toThrow('has ended');
    await expect(t.answer(Approve, { verdict: 'approve' })).rejects.toThrow('0 open tasks are "approve"');
  });

  it('waits for children, and gives their outputs', async () => {
    const run = await t.start(family, { totals: [1, 2, 3] });
    expect(await run.output()).toEqual(['thanks for 1', 'thanks for 2', 'thanks for 3']);
    expect(await t.runs()).toHaveLength(4);
  });

  it('puts a provider of the test in the place of one, also for a handler that verifies what it did, and its stub', async () => {
    await t.close();
    const bank = new Bank();
    t = await testKit({ workflows: [OrderModule], store, providers: [{ provide: Bank, useValue: bank }] });
    const run = await t.start(refund, { total: 1 });
    expect([await run.output(), bank.payments.length]).toEqual(['payment 0', 1]);
    t.stub(PayOut, (ctx: StepContext) => {
      bank.payments.push('another', ctx.idempotencyKey);
      throw new UnknownEffectError('Dead again.');
    });
    expect(await (await t.start(refund, { total: 1 })).output()).toBe('payment 2');
    const nobodys = testKit({ workflows: [OrderModule], store, providers: [{ provide: 'LEDGER', useValue: 1 }] });
    await expect(nobodys).rejects.toThrow('no module of this test provides LEDGER');
  });

  it('takes an idempotency key once', async () => {
    const first = await t.start(order, { total: 1 }, { idempotencyKey: 'k' });
    const second = await t.start(order, { total: 1 }, { idempotencyKey: 'k' });
    expect([second.id, second.existing]).toEqual([first.id, true]);
  });

  it('refuses what the server would refuse, and says so', async () => {
    await expect(t.start(order, { total: 'much' } as never)).rejects.toThrow('total');
    await expect(t.start('nothing', {})).rejects.toThrow('nothing');
    await expect(t.emit('nothing.happened', {})).rejects.toThrow('nothing.happened');
    await t.start(order, { total: 250 });
    await expect(t.answer(Approve, { verdict: 'maybe' })).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    await expect(t.resolve('ask-bank', 1)).rejects.toThrow('0 steps "ask-bank" wait for a result');
  });

  it('goes on in another process when one dies', async () => {
    const run = await t.start(order, { total: 250 });
    await t.crash();
    await t.answer(Approve, { verdict: 'approve' });
    await t.crash();
    await t.resolve(AskBank, 'ok');
    await t.advance('3d');
    expect(await run.waitsFor()).toEqual(['event']);
  });

  it('replays what was recorded, and names the first fact that another definition would not have written', async () => {
    const run = await t.start(order, { total: 1 });
    await t.resolve(AskBank, 'ok');
    await t.advance('3d');
    await t.emit(Shipped, { parcel: 'p' });
    const facts = await run.journal();
    expect(replayJournal(order, facts).status).toBe('completed');
    const other = workflow<Order>('order', { version: 1 }).then('inspect', () => null).then(Charge); // prettier-ignore
    expect(() => replayJournal(other, facts)).toThrow('fact 2 (step.completed at "charge") does not fit');
    expect(() => replayJournal(order, facts.slice(0, 3).concat(facts.slice(4)))).toThrow('fact 4 is missing');
  });
});

describe('a crash at every commit', () => {
  it('changes no end, in memory', async () => {
    const { commits, crashes } = await crashAtEveryCommit({ workflows: [OrderModule], store: 'memory' }, happyPath);
    expect(commits).toBeGreaterThan(15);
    expect(crashes).toBe(2 * commits);
  });

  // Each repetition has a database of its own.
  it('changes no end, on PostgreSQL', async () => {
    const short = async (t: TestKit) => {
      await t.start(thanks, { total: 1 });
    };
    const { commits, crashes } = await crashAtEveryCommit({ workflows: [OrderModule], store: 'postgres' }, short);
    expect(crashes).toBe(2 * commits);
  });

  it('names the commit at which a workflow breaks', async () => {
    let calls = 0;
    const scenario = async (t: TestKit) => {
      t.stub(Charge, () => ({ receipt: String(++calls) }));
      const before = calls;
      await t.start(order, { total: 1 });
      expect(calls - before).toBe(1);
    };
    await expect(crashAtEveryCommit({ workflows: [OrderModule], store: 'memory' }, scenario)).rejects.toThrow(
      /^A crash before commit \d+ of \d+, the commit of "order" \(step.completed charge.*breaks the scenario/,
    );
  });
});
