import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

export interface Message {
  readonly to: string;
  readonly text: string;
}

/** Sends whatever it is given, be it mail, a text message or a push: `POST /messages` with an idempotency key. */
export class MessageOffice extends LocalService {
  /** What was sent, by idempotency key. */
  readonly sent = new Map<string, Message>();

  /** The texts that somebody got, in order. */
  textsTo(to: string): readonly string[] {
    return [...this.sent.values()].filter((message) => message.to === to).map(({ text }) => text);
  }

  protected override serve({ body, key }: ServiceRequest): ServiceReply {
    this.sent.set(key, body as Message);
    return { body: { message: `message-${key}` } };
  }
}
