/**
 * A run of each kind that outlives a deploy. Recorded databases have runs of exactly these graphs: a version here is never changed, only others added,
 * and only with what the oldest supported build had.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  emitter,
  event,
  type ReadContext,
  type RecordBatch,
  type RecordSource,
  Screen,
  type ScreenHandler,
  signal,
  Step,
  type StepContext,
  type StepHandler,
  TerminalError,
  type Undo,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';
import { IsInt, IsString } from 'class-validator';

/** Whether this is the build that is recorded, or one that came later. */
export const stage: { isLater: boolean } = { isLater: true };
/** The results that the outside was asked for. */
export const awaited: string[] = [];

export interface Order {
  readonly amount: number;
}

export const Paid = event<Order>('upgrade.paid', { external: true });
class Note {
  @IsString() text!: string;
}
export const Tell = signal('tell', Note);

class Verdict {
  @IsInt() sum!: number;
}
@Screen({ id: 'decide', title: 'Decide' })
class Decide implements ScreenHandler<Order, Verdict, Order> {
  readonly answer = Verdict;
  props(ctx: ReadContext<Order>): Order {
    return { amount: ctx.input.amount };
  }
}

@Step({ id: 'give-back' })
class GiveBack implements StepHandler<number, Order, Undo<number>> {
  run(ctx: StepContext<Order, Undo<number>>): number {
    return -ctx.params.output;
  }
}
@Step({ id: 'take' })
class Take implements StepHandler<number, Order> {
  run(ctx: StepContext<Order>): number {
    return ctx.input.amount;
  }
}

@Step({ id: 'read' })
class Read implements RecordSource<Order, number> {
  read(): Promise<RecordBatch<Order, number>> {
    const amounts = stage.isLater ? [1, 2, 3, 4] : [1, 2, 3];
    return Promise.resolve({
      records: amounts.map((amount) => ({ key: `r-${amount}`, input: { amount }, position: amount })),
      rejected: [],
      cursor: 0,
      done: true,
    });
  }
}

const amountOf = (ctx: ReadContext<Order>): number => ctx.input.amount;

export const timed = workflow<Order>('timed', { version: 1 })
  .then('set', amountOf)
  .wait('1m')
  .then('ring', (ctx) => ctx.resultOf<number>('set') + 1);
export const decided = workflow<Order>('decided', { version: 1 })
  .screen(Decide)
  .then('conclude', (ctx) => ctx.answerOf(Decide).sum + ctx.input.amount);
export const paid = workflow<Order>('paid', { version: 1 })
  .waitForEvent(Paid, { id: 'payment', match: (ctx) => ({ amount: ctx.input.amount }) })
  .then('book', amountOf);
export const told = workflow<Order>('told', { version: 1, signals: [Tell] })
  .waitForSignal(Tell, { id: 'word' })
  .then('heed', (ctx) => ctx.lastSignal<Note>(Tell)?.text);
export const parent = workflow<Order>('parent', { version: 1 }).subWorkflow(paid, (ctx) => ({ amount: ctx.input.amount }), { id: 'child' });
export const asking = workflow<Order>('asking', { version: 1 }).then('ask', async (ctx) => {
  if (ctx.isResumed) return ctx.resumeData;
  const { id } = await ctx.createAsyncResult();
  awaited.push(id);
  return ctx.resumeWhenComplete(id);
});
/** What it had taken is given back when it is canceled. */
export const lasting = workflow<Order>('lasting', { version: 1 }).then(Take, { compensate: GiveBack }).wait('3650d');
/** At work while its process is gone. */
export const atWork = workflow<Order>('at-work', { version: 1 })
  .then('before', amountOf)
  .then('work', async (ctx) => {
    if (!stage.isLater) await pause(600_000, undefined, { ref: false });
    return ctx.resultOf<number>('before') + 1;
  });
export const many = workflow<Order>('many', { version: 1 })
  .forEach<number>(
    () => [1, 2, 3],
    (each) =>
      each
        .when(
          (ctx) => ctx.item === 2,
          (flow) => flow.wait('1m'),
        )
        .then('double', (ctx) => (ctx.item as number) * 2),
    { id: 'items' },
  )
  .then('sum', (ctx) => ctx.resultOf<number[]>('items').reduce((sum, one) => sum + one, 0));
/** One at a time: the first waits for its event, and the other for the first. */
export const capped = workflow<Order>('capped', { version: 1, singleton: { key: () => 'all' } })
  .waitForEvent(Paid, { id: 'payment', match: (ctx) => ({ amount: ctx.input.amount }) })
  .then('book', amountOf);
/** Fails until there is a later build; is then retried. */
export const failing = workflow<Order>('failing', { version: 1 })
  .then('before', amountOf)
  .then('mend', (ctx) => {
    if (!stage.isLater) throw new TerminalError('This build cannot do it.');
    return ctx.resultOf<number>('before') * 10;
  });
export const ended = workflow<Order>('ended', { version: 1 }).then('only', amountOf);
export const record = workflow<Order>('record', { version: 1 }).then('handle', amountOf);
export const nightly = workflow<Order>('nightly', {
  version: 1,
  schedule: { cron: '0 0 * * *', catchUp: 'latest', input: { amount: 16 } },
}).then('only', amountOf);
/** Never due by itself within a test: it is triggered. */
export const records = emitter('records', {
  version: 1,
  source: Read,
  processor: 'record',
  schedule: { cron: '0 0 1 1 *', overlap: 'skip', catchUp: 'latest' },
});

@WorkflowModule({
  workflows: [timed, decided, paid, told, parent, asking, lasting, atWork, many, capped, failing, ended, nightly, record, records],
  providers: [Decide, GiveBack, Take, Read],
  events: [Paid],
})
export class UpgradedModule {}
