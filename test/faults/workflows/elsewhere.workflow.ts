/** What is done elsewhere, or once for many: steps on a queue that half of the workers serve, results of outside services, outputs under a key, an event that cancels. */
import { setTimeout as pause } from 'node:timers/promises';
import { type AsyncResultHandle, cancelBy, Step, type StepContext, type StepHandler, workflow } from '@stepwell/sdk';
import { IsInt } from 'class-validator';
import { type Booking, book } from './bookings.js';
import { Withdrawn, type Work } from './inputs.js';
import { Reserve, Unbook } from './people.workflow.js';
import { APART } from './queues.js';

/** More than a row of the journal holds; one run in four writes so much. */
const LARGE = 70_000;

export const elsewhere = workflow<Work>('elsewhere', { version: 1 })
  .then(
    'look',
    async (ctx) => {
      await pause(100);
      return ctx.input.weight;
    },
    { queue: APART },
  )
  .then('book', (ctx): Promise<Booking> => book(ctx, 'book', ctx.resultOf<number>('look')), { queue: APART })
  .then('describe', (ctx) => 'x'.repeat(ctx.input.op % 4 === 0 ? LARGE : 10), { queue: APART })
  .then('measure', (ctx) => ctx.resultOf<string>('describe').length);

export class Addend {
  @IsInt()
  number!: number;
}

/** A node that is injected; four injects another one, before whatever else is to come. */
@Step({ id: 'add' })
export class Add implements StepHandler<number, Work, Addend> {
  async run(ctx: StepContext<Work, Addend>): Promise<number> {
    const { number } = ctx.params;
    if (number === 4) await ctx.inject([{ id: 'six', handler: 'add', params: { number: 6 } }], { position: 0 });
    return number;
  }
}

/** Waits for somebody outside; meanwhile somebody may add to what is done then. Comes to the result, or to its opposite when it was refused. */
export const awaiting = workflow<Work>('awaiting', { version: 1 })
  .then('ask', (ctx) => ctx.createAsyncResult())
  .try(
    (flow) =>
      flow.then('answer', (ctx) => (ctx.isResumed ? ctx.resumeData : ctx.resumeWhenComplete(ctx.resultOf<AsyncResultHandle>('ask').id))),
    { id: 'asked', catch: (flow) => flow.then('refused', (ctx) => -Number(/refused-(\d+)/.exec(ctx.error.message)?.[1])) },
  )
  .inject({ add: { handler: Add, params: Addend } }, { id: 'more' })
  .then('conclude', (ctx) => ctx.resultOf<number>('asked'));

/** All runs of a group have what the first of them that came there has written. */
export const shared = workflow<Work & { readonly group?: number }>('shared', { version: 1 }).then(
  'once',
  async (ctx) => {
    await pause(20);
    return ctx.input.op;
  },
  { idempotency: { key: ({ input }) => `group-${input.group ?? input.op}`, lease: '30s' } },
);

/** Lives until its event comes; then what it has reserved is given back, once. */
export const withdrawn = workflow<Work>('withdrawn', { version: 1, cancelOn: [cancelBy(Withdrawn, ({ op }: Work) => ({ op }))] })
  .then(Reserve, { compensate: Unbook })
  .wait('30d');
