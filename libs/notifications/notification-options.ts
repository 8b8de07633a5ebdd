/** What the installation says about messages to people. Without a channel none is written and none is sent. */
export interface MailOptions {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
  readonly url: string;
  /** `Stepwell <stepwell@example.com>`, or an address alone. */
  readonly from: string;
}

export interface WebhookOptions {
  readonly url: string;
  /** `whsec_` and base64, as Standard Webhooks has it. */
  readonly secret: string;
  /** Plain http, and addresses of private networks, too. */
  readonly mayBePrivate: boolean;
}

export interface NotificationOptions {
  readonly mail?: MailOptions | undefined;
  readonly webhook?: WebhookOptions | undefined;
}

export const CHANNELS = ['mail', 'webhook'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** What one is told of. */
export const NOTICE_KINDS = [
  'assigned',
  'opened',
  'escalated',
  'due-soon',
  'overdue',
  'comment.mentioned',
  'comment.added',
  'nobody-left',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
