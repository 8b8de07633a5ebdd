import { WorkflowModule } from '@stepwell/sdk';
import { batchFanOut, processInvoice } from './batch-fan-out.workflow.js';
import { Books, InvoiceSource } from './offices.js';
import { BookInvoice } from './steps/book-invoice.step.js';
import { FetchInvoices } from './steps/fetch-invoices.step.js';
import { LookUpVendor } from './steps/look-up-vendor.step.js';
import { Report } from './steps/report.step.js';

@WorkflowModule({
  workflows: [batchFanOut, processInvoice],
  providers: [
    FetchInvoices,
    LookUpVendor,
    BookInvoice,
    Report,
    { provide: InvoiceSource, useFactory: () => new InvoiceSource(process.env['INVOICES_URL'] ?? 'https://invoices.example') },
    { provide: Books, useFactory: () => new Books(process.env['BOOKS_URL'] ?? 'https://books.example') },
  ],
})
export class BatchFanOutModule {}
