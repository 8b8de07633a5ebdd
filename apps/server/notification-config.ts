/** The settings of messages to people. Secrets are in no message. */
import { type MailOptions, type NotificationOptions, webhookKey, type WebhookOptions } from '@stepwell/notifications';
import { isEmail } from 'class-validator';

/**
 * @param value reads a variable; `undefined` when it is not set
 * @param check notes a problem where its condition does not hold
 */
export function readNotificationConfig(
  value: (name: string) => string | undefined,
  check: (ok: boolean, problem: string) => void,
): NotificationOptions {
  return { mail: readMailConfig(value, check), webhook: readWebhookConfig(value, check) };
}

function readMailConfig(
  value: (name: string) => string | undefined,
  check: (ok: boolean, problem: string) => void,
): MailOptions | undefined {
  const [url, from] = [value('STEPWELL_SMTP_URL'), value('STEPWELL_MAIL_FROM')];
  check(
    url === undefined || isUrl(url, /^smtps?:$/),
    'STEPWELL_SMTP_URL is not of the form smtp://user:password@host:587 (smtps:// for TLS).',
  );
  const address = /^[^<>\r\n]*<([^<>]+)>$/.exec(from ?? '')?.[1] ?? from;
  check(
    from === undefined || isEmail(address),
    `STEPWELL_MAIL_FROM is "${from}", but it is an address, such as Stepwell <stepwell@example.com>.`,
  );
  check((url === undefined) === (from === undefined), 'Of STEPWELL_SMTP_URL and STEPWELL_MAIL_FROM only one is set.');
  return url !== undefined && from !== undefined ? { url, from } : undefined;
}

function readWebhookConfig(
  value: (name: string) => string | undefined,
  check: (ok: boolean, problem: string) => void,
): WebhookOptions | undefined {
  const [url, secret, privacy] = [
    value('STEPWELL_WEBHOOK_URL'),
    value('STEPWELL_WEBHOOK_SECRET'),
    value('STEPWELL_WEBHOOK_PRIVATE') ?? 'off',
  ];
  check(privacy === 'on' || privacy === 'off', `STEPWELL_WEBHOOK_PRIVATE is "${privacy}", but it is on or off.`);
  const mayBePrivate = privacy === 'on';
  check(
    url === undefined || isUrl(url, mayBePrivate ? /^https?:$/ : /^https:$/),
    `STEPWELL_WEBHOOK_URL is not of the form https://chat.example.com/stepwell${mayBePrivate ? '' : ' (http:// needs STEPWELL_WEBHOOK_PRIVATE=on)'}.`,
  );
  check(
    secret === undefined || webhookKey(secret) !== undefined,
    'STEPWELL_WEBHOOK_SECRET is not whsec_ and 24 to 64 bytes in base64; make one with: echo "whsec_$(openssl rand -base64 32)"',
  );
  check((url === undefined) === (secret === undefined), 'Of STEPWELL_WEBHOOK_URL and STEPWELL_WEBHOOK_SECRET only one is set.');
  return url !== undefined && secret !== undefined ? { url, secret, mayBePrivate } : undefined;
}

function isUrl(text: string, protocol: RegExp): boolean {
  return URL.canParse(text) && protocol.test(new URL(text).protocol) && new URL(text).hostname !== '';
}
