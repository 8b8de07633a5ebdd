import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

export interface ModelMessage {
  readonly from: string;
  readonly text: string;
}

export interface ModelReply {
  readonly tool: string;
  readonly text: string;
}

/** Stands for a large model: `POST /replies`, for who has the key. Each reply costs as many tokens as it was sent words. */
export class LanguageModel extends LocalService {
  /** Replies that had to be thought out, and are on the bill; a repeat with the same idempotency key is not. */
  billed = 0;

  /** @param think what it replies to a conversation: always the same to the same one */
  constructor(
    private readonly key: string,
    public think: (messages: readonly ModelMessage[]) => ModelReply,
  ) {
    super();
  }

  protected override serve({ body, headers }: ServiceRequest): ServiceReply {
    if (headers['authorization'] !== `Bearer ${this.key}`) return { status: 401, body: { code: 'WRONG_KEY' } };
    const { messages } = body as { messages: readonly ModelMessage[] };
    this.billed++;
    return { body: { ...this.think(messages), tokens: messages.flatMap(({ text }) => text.split(' ')).length } };
  }
}
