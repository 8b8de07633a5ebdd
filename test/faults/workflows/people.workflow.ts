/** What people and operators have to do with: a screen that two race for, a signal, a cancel in mid-work, a retry once the cause is mended. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ReadContext,
  Screen,
  type ScreenHandler,
  Step,
  type StepContext,
  type StepHandler,
  StepwellClient,
  TerminalError,
  type Undo,
  workflow,
} from '@stepwell/sdk';
import { IsIn, IsString } from 'class-validator';
import { type Booking, book } from './bookings.js';
import { Tell, type Word, type Work } from './inputs.js';

export class Verdict {
  @IsIn(['yes', 'no'])
  verdict!: 'yes' | 'no';

  @IsString()
  by!: string;
}

@Screen({ id: 'decide', title: 'Decide' })
export class Decide implements ScreenHandler<Work, Verdict, Work> {
  readonly answer = Verdict;

  props(ctx: ReadContext<Work>): Work {
    return { ...ctx.input };
  }
}

export const review = workflow<Work>('review', { version: 1 })
  .then('prepare', (ctx) => ctx.input.weight)
  .screen(Decide)
  .then('conclude', (ctx) => ({ op: ctx.input.op, by: ctx.answerOf(Decide).by }));

@Step({ id: 'speak' })
export class Speak implements StepHandler<number, Work> {
  constructor(private readonly client: StepwellClient) {}

  /** Says something to its own run, as somebody outside would, just when that lies down: it does not wait for its words to arrive. */
  async run(ctx: StepContext<Work>): Promise<number> {
    const { op, weight } = ctx.input;
    void this.client.signal(ctx.runId, Tell, { op: -op }, { tenant: ctx.tenant }).catch(() => undefined);
    await pause(30 * Math.random());
    return weight;
  }
}

/** Is told something while it is still at work, mostly, and then again. */
export const signaled = workflow<Work>('signaled', { version: 1, signals: [Tell] })
  .then('get-ready', async (ctx) => {
    await pause(40);
    return ctx.input.weight;
  })
  .waitForSignal(Tell, { id: 'word' })
  .then(Speak)
  .waitForSignal(Tell, { id: 'own-word' })
  .then('heed', (ctx) => ctx.lastSignal<Word>(Tell)?.op);

@Step({ id: 'unbook', retry: { attempts: 5, backoff: '100ms' } })
export class Unbook implements StepHandler<Booking, Work, Undo<Booking>> {
  run(ctx: StepContext<Work, Undo<Booking>>): Promise<Booking> {
    return book(ctx, 'unbook', -ctx.params.output.total);
  }
}

@Step({ id: 'reserve' })
export class Reserve implements StepHandler<Booking, Work> {
  run(ctx: StepContext<Work>): Promise<Booking> {
    return book(ctx, 'reserve', ctx.input.weight);
  }
}

/** Lives until it is canceled; then what it has reserved is given back, once. */
export const lasting = workflow<Work>('lasting', { version: 1 }).then(Reserve, { compensate: Unbook }).wait('30d');

/** Fails until somebody has mended the cause; then it is to be retried. */
export const failing = workflow<Work>('failing', { version: 1 })
  .then('before', (ctx) => ctx.input.weight)
  .then('work', (ctx) =>
    ctx.transaction(async (manager) => {
      const rows: unknown[] = await manager.query('SELECT 1 FROM faults.mended WHERE op = $1', [ctx.input.op]);
      if (rows.length === 0) throw new TerminalError('The cause is not mended.');
      return ctx.input.weight;
    }),
  );
