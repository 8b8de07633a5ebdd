import { HttpApi } from '../services/http-api.js';

/** Where the audit log, the pager and the warehouse are. */
export class Collectors {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  /** @param key of the entry: one that is sent again is taken once */
  async send(kind: 'audit' | 'alerts' | 'warehouse', key: string, entry: object): Promise<void> {
    await this.api.post(`/${kind}`, entry, { idempotencyKey: `${kind}:${key}`, signal: AbortSignal.timeout(5_000) });
  }
}
