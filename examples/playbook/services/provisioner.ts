import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

/** Sets up what a customer has bought: `POST /<what>` with an idempotency key. */
export class Provisioner extends LocalService {
  /** What was set up, by idempotency key: `servers` and its details, say. */
  readonly done = new Map<string, { readonly what: string; readonly details: Readonly<Record<string, unknown>> }>();

  /** What a customer has, in the order in which it was set up. */
  whatOf(customer: string): readonly string[] {
    return [...this.done.values()].filter(({ details }) => details['customer'] === customer).map(({ what }) => what);
  }

  protected override serve({ path, body, key }: ServiceRequest): ServiceReply {
    const what = path.slice(1);
    const details = body as Readonly<Record<string, unknown>>;
    this.done.set(key, { what, details });
    return { body: { id: `${what}-${key}`, ...details } };
  }
}
