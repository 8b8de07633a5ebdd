import { workflow } from '@stepwell/sdk';
import { Batch, Invoice } from './batch.js';
import { BookInvoice } from './steps/book-invoice.step.js';
import { FetchInvoices } from './steps/fetch-invoices.step.js';
import { LookUpVendor } from './steps/look-up-vendor.step.js';
import { Report } from './steps/report.step.js';

export const processInvoice = workflow('process-invoice', { input: Invoice, version: 1, title: 'Book an invoice' })
  .then(LookUpVendor)
  .then(BookInvoice);

export const batchFanOut = workflow('batch-fan-out', { input: Batch, version: 1, title: 'Book a batch of invoices' })
  .then(FetchInvoices)
  .forEachRun(
    (ctx) => ctx.resultOf(FetchInvoices),
    processInvoice,
    (invoice) => invoice,
    { id: 'invoices', concurrency: 20, onItemFailure: 'continue' },
  )
  .then(Report);
