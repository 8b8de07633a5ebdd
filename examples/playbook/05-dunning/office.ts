import { HttpApi, type RequestOptions } from '../services/http-api.js';

/** What can be asked of the systems of an office. */
export type Errand = 'mail' | 'charge' | 'suspension' | 'lock' | 'audit';

/** Bank, mail and accounts, behind one door. Each errand is done once for its idempotency key. */
export class Office {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  send(what: Errand, details: object, options: RequestOptions): Promise<{ id: string }> {
    return this.api.post<{ id: string }>(`/${what}`, details, options);
  }
}
