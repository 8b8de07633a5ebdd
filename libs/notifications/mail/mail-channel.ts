/**
 * Messages as e-mail, over SMTP. What a server refuses for good (5xx, of the receiver or of the message) it is not asked again. What fails
 * otherwise than by its receiver or its content would fail with any: there is no server, or it does not have us.
 */
import { createTransport, type Transporter } from 'nodemailer';
import { ChannelAway, NotificationChannel, type OutgoingMessage, Undeliverable } from '../channel.port.js';
import type { MailOptions } from '../notification-options.js';
import { oneLine, subjectOf } from '../notice-words.js';
import { mailHtml } from './mail-html.js';
import { mailText } from './mail-text.js';

/** A server that is silent for so long is away. */
const SILENCE_MS = 15_000;
/** It takes no more, whatever it was asked. */
const CLOSING = 421;

interface Refused {
  readonly code?: string;
  /** What it answered to. */
  readonly command?: string;
  readonly responseCode?: number;
}

export class MailChannel extends NotificationChannel {
  readonly name = 'mail';
  private readonly transport: Transporter;

  constructor(private readonly options: MailOptions) {
    super();
    this.transport = createTransport({
      ...{ url: options.url, pool: true, maxConnections: 2 },
      ...{ connectionTimeout: SILENCE_MS, greetingTimeout: SILENCE_MS, socketTimeout: SILENCE_MS },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
  }

  async send(message: OutgoingMessage): Promise<void> {
    const { to, content, unsubscribeUrl } = message;
    if (to.address === null) throw new Undeliverable('There is no verified address.');
    try {
      await this.transport.sendMail({
        from: this.options.from,
        to: { name: oneLine(to.displayName), address: to.address },
        subject: subjectOf(message),
        text: mailText(message),
        html: mailHtml(message),
        messageId: `<${message.id}@stepwell>`,
        date: message.at,
        headers: {
          'Auto-Submitted': 'auto-generated',
          // One click, without a page in between: RFC 8058.
          ...(content.is === 'notices'
            ? {
                'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
                'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
              }
            : {}),
        },
      });
    } catch (cause) {
      const { code, command, responseCode = 0 } = cause as Refused;
      const isOfMessage = code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
      // A sender or a password that is refused has such a number, too, and is mended.
      if (isOfMessage && responseCode >= 500)
        throw new Undeliverable(`The mail server refuses the ${code === 'EMESSAGE' ? 'message' : 'address'} (${responseCode}).`, { cause });
      throw isOfMessage && responseCode !== CLOSING ? cause : new ChannelAway(cause as Error);
    }
  }

  close(): Promise<void> {
    this.transport.close();
    return Promise.resolve();
  }
}
