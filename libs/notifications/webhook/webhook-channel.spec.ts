/** What a receiver answers, and what becomes of the message then. By a real HTTP service. */
import { WEBHOOK_SECRET, WebhookReceiver } from '../../../test/notifications/webhook-receiver.js';
import { ChannelAway, type OutgoingMessage } from '../channel.port.js';
import { WebhookChannel } from './webhook-channel.js';

const message: OutgoingMessage = {
  ...{ id: 'm', at: new Date(0), preferencesUrl: '', unsubscribeUrl: '' },
  to: { id: '', name: 'ada', displayName: 'Ada', address: null, zone: 'UTC' },
  content: { is: 'notices', notices: [], more: 0, inboxUrl: '' },
};

describe('a webhook', () => {
  let hook: WebhookReceiver;
  beforeAll(async () => {
    hook = await WebhookReceiver.start();
  });
  afterAll(() => hook.stop());

  it('that ends without an answer, or changes to another protocol, has failed', async () => {
    const channel = new WebhookChannel({ url: hook.url, secret: WEBHOOK_SECRET, mayBePrivate: true });
    const endings = ['', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'];
    for (const ending of endings) {
      hook.answer = (response) => response.socket?.end(ending);
      await expect(channel.send(message)).rejects.toThrow();
    }
  });

  it('that takes nothing now is away; one that refuses a message is not', async () => {
    const channel = new WebhookChannel({ url: hook.url, secret: WEBHOOK_SECRET, mayBePrivate: true });
    for (const [status, isAway] of [
      [429, true],
      [503, true],
      [500, false],
      [404, false],
    ] as const) {
      hook.answer = (response) => response.writeHead(status).end();
      const failure: unknown = await channel.send(message).catch((error: unknown) => error);
      expect([status, failure instanceof ChannelAway]).toEqual([status, isAway]);
    }
  });

  it('that leads into a private network gets nothing', async () => {
    const inside = ['https://127.0.0.1:1/', 'https://localhost:1/', 'https://[::1]:1/', 'https://169.254.169.254/latest'];
    for (const url of inside) {
      const channel = new WebhookChannel({ url, secret: WEBHOOK_SECRET, mayBePrivate: false });
      await expect(channel.send(message)).rejects.toThrow(/private network/);
    }
  });
});
