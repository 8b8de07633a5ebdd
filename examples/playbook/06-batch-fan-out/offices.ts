import { HttpApi, type RequestOptions } from '../services/http-api.js';
import type { Invoice } from './batch.js';

interface Page {
  readonly invoices: readonly Invoice[];
  readonly isLast: boolean;
}

export class InvoiceSource extends HttpApi {
  async page(batch: string, page: number, options: RequestOptions): Promise<Page> {
    return (await this.get<Page>(`/batches/${batch}?page=${page}`, options)) ?? { invoices: [], isLast: true };
  }
}

export class Books extends HttpApi {
  /** @returns the vendor's account; undefined for a vendor that nobody knows */
  async accountOf(vendor: string, options: RequestOptions): Promise<string | undefined> {
    return (await this.get<{ account: string }>(`/vendors/${vendor}`, options))?.account;
  }

  book(invoice: Invoice, account: string, options: RequestOptions): Promise<{ booking: string }> {
    return this.post<{ booking: string }>('/bookings', { ...invoice, account }, options);
  }
}
