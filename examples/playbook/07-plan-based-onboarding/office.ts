import { HttpApi, type RequestOptions } from '../services/http-api.js';

/** What can be set up for a customer. */
export type Setup = 'account' | 'mail' | 'servers' | 'place' | 'features' | 'contact' | 'single-sign-on' | 'meeting';

/** The systems that set things up, behind one door. */
export class Office {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  setUp(what: Setup, details: object, options: RequestOptions): Promise<{ id: string }> {
    return this.api.post<{ id: string }>(`/${what}`, details, options);
  }
}
