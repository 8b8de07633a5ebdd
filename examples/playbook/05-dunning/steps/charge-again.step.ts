import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { Office } from '../office.js';
import type { Unpaid } from '../unpaid.js';

export interface Charged {
  readonly paid: boolean;
}

/** Has the bank try again. It says days later whether it got the money. */
@Step({ id: 'charge-again', timeout: '1m', retry: { attempts: 5, backoff: '2s' } })
export class ChargeAgain implements StepHandler<Charged, Unpaid> {
  constructor(private readonly office: Office) {}

  async run(ctx: StepContext<Unpaid>) {
    if (ctx.isResumed) return ctx.resumeData as Charged;
    const { id, callbackUrl } = await ctx.createAsyncResult();
    const { customer, cents } = ctx.input;
    await this.office.send('charge', { customer, cents, callbackUrl }, { idempotencyKey: ctx.idempotencyKey, signal: ctx.signal });
    return ctx.resumeWhenComplete(id);
  }
}
