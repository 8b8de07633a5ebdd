import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Batch, Invoice } from '../batch.js';
import { InvoiceSource } from '../offices.js';

/** Reads the list, page by page. */
@Step({ id: 'fetch-invoices', timeout: '5m', retry: { attempts: 5, backoff: '5s' } })
export class FetchInvoices implements StepHandler<readonly Invoice[], Batch> {
  constructor(private readonly source: InvoiceSource) {}

  async run({ input, signal }: StepContext<Batch>): Promise<readonly Invoice[]> {
    const invoices: Invoice[] = [];
    for (let page = 0; ; page++) {
      const { invoices: more, isLast } = await this.source.page(input.batch, page, { signal });
      invoices.push(...more);
      if (isLast) return invoices;
    }
  }
}
