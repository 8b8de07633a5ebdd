/**
 * Sends what is due on one channel. A channel whose server is away is left alone for a while, longer each time, and its messages with it:
 * they lose no attempts, and the first one that is tried again says whether it is back. This process alone knows that, so its end forgets it.
 */
import { Logger } from '@nestjs/common';
import { logLine } from '@stepwell/contracts';
import type { Clock, Timers } from '@stepwell/engine';
import { claimNotifications, type ClaimedNotification, type NotificationOutcome, settleNotification } from '@stepwell/storage';
import { ChannelAway, DeliveryError, type NotificationChannel, Undeliverable } from './channel.port.js';
import { type MessageParts, writeMessage } from './write-message.js';

const AT_A_TIME = 5;
/** Longer than writing and sending may take; then the sender is taken for dead. */
const LEASE_MS = 120_000;
/** Each of the two: authors are asked for the one, receivers for the other, and neither may keep everybody's messages waiting. */
const MOST_MS = 50_000;
/** Over some thirty hours: a receiver that is away for a day misses nothing. */
const MOST_ATTEMPTS = 10;
const [FIRST_PAUSE_MS, LAST_PAUSE_MS] = [30_000, 6 * 3_600_000];
/** What has come meanwhile goes soon after the server is back; to ask it so often costs nobody anything. */
const LONGEST_AWAY_MS = 5 * 60_000;
const MAX_ERROR = 500;

export interface SenderParts extends MessageParts {
  readonly clock: Clock;
  readonly channel: NotificationChannel;
  /** How long a message may take to be written, and to be sent, in milliseconds. */
  readonly mostMs?: number;
  /** By which that is measured; Node's by default. */
  readonly timers?: Pick<Timers, 'after'>;
}

const NODE_TIMERS: Pick<Timers, 'after'> = {
  after: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};

export class ChannelSender {
  private readonly logger = new Logger('Notifications');
  private sending: Promise<void> | undefined;
  private timesAway = 0;
  private awayUntil = 0;
  private isStopping = false;

  constructor(private readonly parts: SenderParts) {}

  get name(): string {
    return this.parts.channel.name;
  }

  /** For now it is not asked. */
  get isAway(): boolean {
    return this.parts.clock.now() < this.awayUntil;
  }

  /** Sends what is due. A call while another is at work waits for that one and does nothing itself. */
  send(): Promise<void> {
    this.sending ??= this.sendDue().finally(() => {
      this.sending = undefined;
    });
    return this.sending;
  }

  /** Ends after the messages that are being sent. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.sending?.catch(() => undefined);
    await this.parts.channel.close();
  }

  private async sendDue(): Promise<void> {
    while (!this.isStopping && !this.isAway && (await this.sendSome()) > 0);
  }

  /** @returns how many were claimed */
  private async sendSome(): Promise<number> {
    const { sql } = this.parts;
    const claimed = await claimNotifications(sql, this.name, this.now(), LEASE_MS, this.timesAway > 0 ? 1 : AT_A_TIME);
    const answers = await Promise.all(
      claimed.map(async (notification) => {
        const { outcome, isAway } = await this.attempt(notification);
        await settleNotification(sql, notification, outcome, this.now());
        return isAway;
      }),
    );
    if (answers.includes(false)) this.timesAway = 0;
    else if (answers.includes(true)) this.leaveAlone();
    return claimed.length;
  }

  /** @returns with it whether the channel is away; undefined when it was not asked */
  private async attempt(notification: ClaimedNotification): Promise<{ readonly outcome: NotificationOutcome; readonly isAway?: boolean }> {
    let isAsked = false;
    try {
      const message = await this.inTime(writeMessage(this.parts, notification));
      if (!message) return { outcome: { is: 'dropped' } };
      isAsked = true;
      await this.inTime(this.parts.channel.send(message));
      return { outcome: { is: 'sent' }, isAway: false };
    } catch (error) {
      const isAway = error instanceof ChannelAway;
      return { outcome: this.failed(notification, isAway ? error.cause : (error as Error)), ...(isAsked ? { isAway } : {}) };
    }
  }

  private async inTime<T>(work: Promise<T>): Promise<T> {
    const mostMs = this.parts.mostMs ?? MOST_MS;
    const timers = this.parts.timers ?? NODE_TIMERS;
    let takeBack = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      takeBack = timers.after(mostMs, () => reject(new DeliveryError(`It took longer than ${mostMs / 1000} s.`)));
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      takeBack();
    }
  }

  private failed({ tenant, id, channel, attempts }: ClaimedNotification, cause: Error): NotificationOutcome {
    const error = shown(cause).slice(0, MAX_ERROR);
    const isOver = cause instanceof Undeliverable || attempts >= MOST_ATTEMPTS;
    const sentence = `Message ${id} could not be sent by ${channel}: ${logged(cause)}${isOver ? ' It is given up.' : ''}`;
    this.logger.warn(logLine(sentence, { tenant }));
    if (isOver) return { is: 'dead', error };
    const pauseMs = Math.min(FIRST_PAUSE_MS * 4 ** (attempts - 1), LAST_PAUSE_MS);
    return { is: 'failed', error, nextAt: new Date(this.parts.clock.now() + pauseMs) };
  }

  private leaveAlone(): void {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.timesAway++, LONGEST_AWAY_MS);
    this.awayUntil = this.parts.clock.now() + pauseMs;
    this.logger.warn(`The channel "${this.name}" is away; it is asked again in ${pauseMs / 1000} s.`);
  }

  private now(): Date {
    return new Date(this.parts.clock.now());
  }
}

/** What it says names hosts of the inside, or is an author's: of that only the kind. */
function shown(error: Error): string {
  if (error instanceof DeliveryError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return `It failed on the way${typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? ` (${code})` : ''}. The log of the server says how.`;
}

function logged({ message, cause }: Error): string {
  return cause instanceof Error ? `${message} ${cause.message}` : message;
}
