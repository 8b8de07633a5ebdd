import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

/** Takes entries of any kind, `POST /<kind>`, each once for its idempotency key: an audit log, a pager, a data warehouse. */
export class Collector extends LocalService {
  private readonly entries: { readonly kind: string; readonly entry: unknown }[] = [];

  /** The entries of a kind, in the order in which they came. */
  of(kind: string): readonly unknown[] {
    return this.entries.filter((one) => one.kind === kind).map(({ entry }) => entry);
  }

  clear(): void {
    this.entries.length = 0;
  }

  protected override serve({ path, body }: ServiceRequest): ServiceReply {
    this.entries.push({ kind: path.slice(1), entry: body });
    return { body: { taken: true } };
  }
}
