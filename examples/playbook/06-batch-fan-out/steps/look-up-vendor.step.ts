import { Step, type StepContext, type StepHandler, TerminalError } from '@stepwell/sdk';
import type { Invoice } from '../batch.js';
import { Books } from '../offices.js';

@Step({ id: 'look-up-vendor', timeout: '30s', retry: { attempts: 4, backoff: '2s' } })
export class LookUpVendor implements StepHandler<{ account: string }, Invoice> {
  constructor(private readonly books: Books) {}

  async run({ input, signal }: StepContext<Invoice>): Promise<{ account: string }> {
    const account = await this.books.accountOf(input.vendor, { signal });
    if (account === undefined) throw new TerminalError(`Nobody knows the vendor "${input.vendor}".`, { code: 'VENDOR_UNKNOWN' });
    return { account };
  }
}
