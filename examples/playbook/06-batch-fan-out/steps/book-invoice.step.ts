import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Invoice } from '../batch.js';
import { Books } from '../offices.js';
import { LookUpVendor } from './look-up-vendor.step.js';

@Step({ id: 'book-invoice', timeout: '30s', retry: { attempts: 4, backoff: '2s' } })
export class BookInvoice implements StepHandler<{ booking: string }, Invoice> {
  constructor(private readonly books: Books) {}

  run(ctx: StepContext<Invoice>): Promise<{ booking: string }> {
    const { input, idempotencyKey, signal } = ctx;
    return this.books.book(input, ctx.resultOf(LookUpVendor).account, { idempotencyKey, signal });
  }
}
