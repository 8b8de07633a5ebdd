import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

/** Scores whatever it is sent, and remembers all of it: `POST /scores`. */
export class Scorer extends LocalService {
  /** The bodies of all requests, as they came over the wire. */
  get remembered(): readonly string[] {
    return this.requests.map(({ body }) => JSON.stringify(body));
  }

  protected override serve({ body }: ServiceRequest): ServiceReply {
    return { body: { score: JSON.stringify(body).includes('20095') ? 80 : 20 } };
  }
}
