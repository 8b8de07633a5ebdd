/** The short way: a step, a row of one's own with the step's commit, an event with the end. Other runs start on the event. */
import { on, type StepContext, workflow } from '@stepwell/sdk';
import { type Booking, book } from './bookings.js';
import { Booked, News, type Work } from './inputs.js';

const bookIt = (ctx: StepContext<Work>): Promise<Booking> => book(ctx, 'book', ctx.resultOf<number>('weigh'));
const announced = (ctx: { resultOf<T>(id: string): T }): Booking => ctx.resultOf<Booking>('book');

export const ledger = workflow<Work>('ledger', { version: 1 })
  .then('weigh', (ctx) => ctx.input.weight * 2)
  .then('book', bookIt)
  .emit(Booked, announced, { id: 'announce' });

/** Of the next build: one step more. Runs of both versions are under way while one build replaces the other. */
export const nextLedger = workflow<Work>('ledger', { version: 2 })
  .then('weigh', (ctx) => ctx.input.weight * 2)
  .then('look-again', (ctx) => ctx.resultOf<number>('weigh'))
  .then('book', bookIt)
  .emit(Booked, announced, { id: 'announce' });

/** One entry in four is looked at by another run. */
export const auditing = workflow<Booking>('auditing', {
  version: 1,
  startOn: [on(Booked, ({ payload }) => (payload.total % 8 === 0 ? { input: payload } : null))],
}).then('look', (ctx) => ctx.input.total);

export const heard = workflow<Work>('heard', {
  version: 1,
  startOn: [on(News, ({ payload }) => ({ input: payload }), { once: true })],
}).then('note', (ctx) => ctx.input.weight);
