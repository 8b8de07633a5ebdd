/**
 * Messages as signed HTTP requests, one for each message to one person: for a bridge to chat, pagers, or whatever the installation has.
 * https only, and to the outside world only, unless it says otherwise. No redirect is followed, and of the answer only its status counts.
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { ChannelAway, DeliveryError, NotificationChannel, type OutgoingMessage, Undeliverable } from '../channel.port.js';
import type { WebhookOptions } from '../notification-options.js';
import { InsideAddress, isOutside, lookupOutside } from './outside-address.js';
import { webhookHeaders, webhookKey } from './signature.js';

/** What Standard Webhooks advises; whoever needs longer takes it and works on it later. */
const TIMEOUT_MS = 15_000;
/** Gone: the receiver wants no more of them. */
const GONE = 410;
/** Too much of it, or of others; or what stands before the service has none behind it. */
const NOT_NOW = [429, 502, 503, 504];

export class WebhookChannel extends NotificationChannel {
  readonly name = 'webhook';
  private readonly url: URL;
  private readonly key: Buffer;

  constructor(
    private readonly options: WebhookOptions,
    private readonly now: () => number = () => Date.now(),
  ) {
    super();
    this.url = new URL(options.url);
    const key = webhookKey(options.secret);
    if (!key) throw new Error('The secret of the webhook is not whsec_ and 24 to 64 bytes in base64.');
    this.key = key;
  }

  async send(message: OutgoingMessage): Promise<void> {
    const body = JSON.stringify(payloadOf(message));
    const status = await this.post(body, webhookHeaders(this.key, message.id, Math.floor(this.now() / 1000), body));
    if (status === GONE) throw new Undeliverable('The webhook answers 410: it takes no more messages.');
    if (status >= 200 && status <= 299) return;
    const refused = new DeliveryError(
      `The webhook answered ${status}${status >= 300 && status < 400 ? ', and redirects are not followed' : ''}.`,
    );
    throw NOT_NOW.includes(status) ? new ChannelAway(refused) : refused;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private post(body: string, signature: Record<string, string>): Promise<number> {
    const { url } = this;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!this.options.mayBePrivate) {
      if (url.protocol !== 'https:') throw new Undeliverable('The webhook is not https.');
      // An address that is no name is not looked up.
      if (isIP(host) !== 0 && !isOutside(host)) throw new InsideAddress(host);
    }
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(
        url,
        {
          method: 'POST',
          agent: false,
          signal: AbortSignal.timeout(TIMEOUT_MS),
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'user-agent': 'Stepwell',
            ...signature,
          },
          ...(this.options.mayBePrivate ? {} : { lookup: lookupOutside }),
        },
        (response) => {
          // What it says beyond its status is not read, however long it is.
          resolve(response.statusCode ?? 0);
          response.destroy();
        },
      );
      request.on('error', (error) => reject(new ChannelAway(error)));
      // Without a word before: the answer was cut off, or is one to change the protocol.
      request.on('close', () => reject(new ChannelAway(new DeliveryError('The webhook ended the connection without an answer.'))));
      request.end(body);
    });
  }
}

/** Small on purpose: what there is to decide is behind the address of the task. */
function payloadOf({ at, to, content }: OutgoingMessage): object {
  const data = content.is === 'notices' ? { notices: content.notices, more: content.more, inbox: content.inboxUrl } : {};
  return { type: 'stepwell.notification', timestamp: at, data: { to: { name: to.name, displayName: to.displayName }, ...data } };
}
