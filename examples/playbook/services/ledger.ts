import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

/** Knows vendors, `GET /vendors/<name>`, and takes bookings with an idempotency key, `POST /bookings`. */
export class Ledger extends LocalService {
  readonly vendors = new Set<string>();
  /** The invoices that were booked, in order. */
  readonly booked: string[] = [];

  protected override serve({ method, path, body }: ServiceRequest): ServiceReply {
    if (method === 'GET') {
      const vendor = path.split('/').at(-1) ?? '';
      return this.vendors.has(vendor) ? { body: { account: `account of ${vendor}` } } : { status: 404, body: { code: 'NO_SUCH_VENDOR' } };
    }
    this.booked.push((body as { invoice: string }).invoice);
    return { body: { booking: (body as { invoice: string }).invoice } };
  }
}
