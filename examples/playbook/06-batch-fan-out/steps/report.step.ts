import { type ChildResultPage, Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Batch } from '../batch.js';
import { FetchInvoices } from './fetch-invoices.step.js';

export interface BatchReport {
  readonly booked: number;
  /** What a person has to look at. */
  readonly quarantined: readonly { readonly invoice: string; readonly reason: string }[];
}

/** Reads what each invoice came to, page by page. */
@Step({ id: 'report' })
export class Report implements StepHandler<BatchReport, Batch> {
  async run(ctx: StepContext<Batch>): Promise<BatchReport> {
    const invoices = ctx.resultOf(FetchInvoices);
    const quarantined: { invoice: string; reason: string }[] = [];
    for (let after: number | null = -1; after !== null;) {
      const { results, next }: ChildResultPage = await ctx.childResults('invoices', { after });
      for (const result of results)
        if (result.status === 'failed') quarantined.push({ invoice: invoices[result.index]?.invoice ?? '', reason: result.error.code });
      after = next;
    }
    return { booked: invoices.length - quarantined.length, quarantined };
  }
}
