import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

/** Hands out a batch of invoices page by page: `GET /batches/<batch>?page=<n>`, in pages of 500. */
export class InvoiceOffice extends LocalService {
  readonly batches = new Map<string, readonly object[]>();

  protected override serve({ path }: ServiceRequest): ServiceReply {
    const { pathname, searchParams } = new URL(path, 'http://x');
    const invoices = this.batches.get(pathname.split('/').at(-1) ?? '');
    if (!invoices) return { status: 404, body: { code: 'NO_SUCH_BATCH' } };
    const from = Number(searchParams.get('page') ?? 0) * 500;
    return { body: { invoices: invoices.slice(from, from + 500), isLast: from + 500 >= invoices.length } };
  }
}
