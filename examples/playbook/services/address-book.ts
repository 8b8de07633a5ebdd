import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

/** Holds addresses: `GET /addresses?from=<n>` gives a hundred of them, `POST /addresses` takes some, with an idempotency key. */
export class AddressBook extends LocalService {
  readonly addresses: string[] = [];

  protected override serve({ method, path, body }: ServiceRequest): ServiceReply {
    if (method === 'POST') {
      this.addresses.push(...(body as { addresses: readonly string[] }).addresses);
      return { body: { count: this.addresses.length } };
    }
    const from = Number(new URL(path, 'http://x').searchParams.get('from'));
    return { body: { addresses: this.addresses.slice(from, from + 100), total: this.addresses.length } };
  }
}
