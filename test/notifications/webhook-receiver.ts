/** A service on loopback that takes webhooks, checks their signature as the specification says, and answers what a test wants. */
import { createHmac } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface ReceivedWebhook {
  readonly id: string;
  readonly isSigned: boolean;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it waits for
  readonly body: any;
}

export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();

  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const body = Buffer.concat(pieces).toString();
        const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => request.headers[name]);
        const expected = createHmac('sha256', Buffer.alloc(32, 7))
          .update(`${String(id)}.${String(timestamp)}.${body}`)
          .digest('base64');
        receiver.received.push({ id: String(id), isSigned: signature === `v1,${expected}`, body: JSON.parse(body || 'null') });
        receiver.answer(response);
        for (const look of receiver.waiting) look();
      });
    });
    const receiver = new WebhookReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** When one has come of which that is true. */
  until(isIt: (webhook: ReceivedWebhook) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.received.some(isIt)) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
