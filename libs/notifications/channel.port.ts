import type { ChannelName, NoticeKind } from './notification-options.js';

/** A task as a message shows it. Texts come from runs and people: whoever makes markup of them escapes them. */
export interface ToldTask {
  readonly id: string;
  readonly title: string;
  readonly subject: string;
  readonly workflow: string;
  readonly dueAt: Date | null;
  readonly url: string;
}

export interface ToldNotice {
  readonly kind: NoticeKind;
  readonly at: Date;
  /** Who did it; null when it happened by itself. */
  readonly by: string | null;
  readonly note: string | null;
  readonly task: ToldTask;
  /** Each decides the task, once, when it was opened and confirmed. */
  readonly links: readonly ToldLink[];
}

export interface ToldLink {
  readonly label: string;
  readonly url: string;
}

export interface OutgoingMessage {
  /** The same for every attempt: by it a receiver knows a repetition. */
  readonly id: string;
  readonly at: Date;
  readonly to: {
    readonly id: string;
    readonly name: string;
    readonly displayName: string;
    readonly address: string | null;
    readonly zone: string;
  };
  readonly content:
    | {
        readonly is: 'notices';
        readonly notices: readonly ToldNotice[];
        /** Not in the list. */ readonly more: number;
        readonly inboxUrl: string;
      }
    | { readonly is: 'verification'; readonly url: string };
  readonly preferencesUrl: string;
  readonly unsubscribeUrl: string;
}

/** How messages reach people. What it throws is tried again later, but for `Undeliverable`; of other than `DeliveryError` people see no text. */
export abstract class NotificationChannel {
  abstract readonly name: ChannelName;

  /**
   * @throws Undeliverable when trying again is of no use
   * @throws ChannelAway when the next message would fare alike: then none is sent for a while
   */
  abstract send(message: OutgoingMessage): Promise<void>;

  abstract close(): Promise<void>;
}

/** Its text is for whoever was to have the message: it names no host, and nothing that another one said. Its cause has that, for the log. */
export class DeliveryError extends Error {}

/** The receiver has said that it never will take it. */
export class Undeliverable extends DeliveryError {}

/** There is nobody who takes messages, or not now. Of the failure of a message it is the cause that is told. */
export class ChannelAway extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}
