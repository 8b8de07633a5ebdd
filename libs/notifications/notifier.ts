/**
 * Tells people. Three stages, each durable before the next: what happened (written with it, by a trigger) becomes notices, when it is known
 * whom it concerns; what is due to one person on one channel becomes one message; messages are sent, and marked after that. So none is
 * lost, and one whose sender dies in between comes twice, under one id. Any number of processes may do this: one plans at a time, and a
 * message is claimed by one.
 */
import { Logger } from '@nestjs/common';
import type { Clock } from '@stepwell/engine';
import {
  causeLater,
  claimNotifications,
  type ClaimedNotification,
  expireNotifications,
  gatherNotices,
  insertNotices,
  inTransaction,
  keepNotifying,
  lockPlanning,
  type NoticeCauseRow,
  noticeWork,
  type NotificationOutcome,
  pgSql,
  settleNotification,
  type Sql,
  takeCauses,
} from '@stepwell/storage';
import type { ApprovalLinks } from '@stepwell/tasks';
import type pg from 'pg';
import { DeliveryError, type NotificationChannel, Undeliverable } from './channel.port.js';
import type { LinkTokens } from './link-tokens.js';
import { planNotices } from './plan-notices.js';
import { writeMessage } from './write-message.js';

/** A message is no conversation: some seconds are at once. What comes meanwhile goes in one message. */
const SWEEP_MS = 5_000;
const KEEP_MS = 3_600_000;
const CAUSES = 200;
const AT_A_TIME = 5;
/** Longer than writing and sending may take; then the sender is taken for dead. */
const LEASE_MS = 120_000;
/** Each of the two: authors are asked for the one, receivers for the other, and neither may keep everybody's messages waiting. */
const MOST_MS = 50_000;
/** Over some thirty hours: a receiver that is away for a day misses nothing. */
const MOST_ATTEMPTS = 10;
const [FIRST_PAUSE_MS, LAST_PAUSE_MS] = [30_000, 6 * 3_600_000];
const KEPT_MS = 30 * 86_400_000;
const MAX_ERROR = 500;

export interface NotifierParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly channels: readonly NotificationChannel[];
  readonly tokens: LinkTokens;
  readonly links?: Pick<ApprovalLinks, 'make' | 'sweep'> | undefined;
  /** Where people reach this installation, without a trailing slash. */
  readonly publicUrl: string;
  /** How long a message may take to be written, and to be sent, in milliseconds. */
  readonly mostMs?: number;
}

export class Notifier {
  private readonly logger = new Logger('Notifications');
  private readonly sql: Sql;
  private readonly timers: NodeJS.Timeout[] = [];
  private ticking: Promise<void> | undefined;
  private isFailing = false;
  private isStopping = false;

  constructor(private readonly parts: NotifierParts) {
    this.sql = pgSql(parts.pool);
  }

  /** Without a channel it asks the database nothing, and nothing is written for it. */
  async start(): Promise<void> {
    if (this.parts.channels.length === 0) return;
    await keepNotifying(this.sql);
    this.timers.push(
      setInterval(() => void this.tick().catch((error: unknown) => this.tell(error)), SWEEP_MS).unref(),
      setInterval(() => void this.keep().catch((error: unknown) => this.tell(error)), KEEP_MS).unref(),
    );
  }

  /** Ends after the messages that are being sent; the others are for the next process, or for another one. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.ticking?.catch(() => undefined);
    await Promise.all(this.parts.channels.map((channel) => channel.close()));
  }

  /** Plans and sends what is due. A call while another is at work waits for that one and does nothing itself. */
  tick(): Promise<void> {
    this.ticking ??= this.tellDue().finally(() => {
      this.ticking = undefined;
    });
    return this.ticking;
  }

  private async keep(): Promise<void> {
    await keepNotifying(this.sql);
    await expireNotifications(this.sql, new Date(this.parts.clock.now() - KEPT_MS), 10_000);
    await this.parts.links?.sweep();
  }

  private async tellDue(): Promise<void> {
    const work = await noticeWork(this.sql, this.now());
    if (work.toPlan) while (!this.isStopping && (await this.plan()) === CAUSES);
    if (work.toPlan || work.toSend) while (!this.isStopping && (await this.send()) > 0);
    this.isFailing = false;
  }

  /** @returns how many causes were taken */
  private plan(): Promise<number> {
    const now = this.now();
    return inTransaction(this.parts.pool, async (sql) => {
      if (!(await lockPlanning(sql))) return 0;
      const causes = await takeCauses(sql, now, CAUSES);
      const channels = this.parts.channels.map(({ name }) => name);
      for (const [tenant, ofTenant] of byTenant(causes)) {
        const { notices, later } = await planNotices(sql, tenant, ofTenant, channels, now);
        await insertNotices(sql, notices);
        await causeLater(sql, later);
      }
      // At the end of a backlog: one message to each, not one for every so many causes.
      if (causes.length < CAUSES) await gatherNotices(sql, now);
      return causes.length;
    });
  }

  /** @returns how many were claimed */
  private async send(): Promise<number> {
    const claimed = await claimNotifications(this.sql, this.now(), LEASE_MS, AT_A_TIME);
    await Promise.all(
      claimed.map(async (notification) => settleNotification(this.sql, notification, await this.attempt(notification), this.now())),
    );
    return claimed.length;
  }

  private async attempt(notification: ClaimedNotification): Promise<NotificationOutcome> {
    const channel = this.parts.channels.find(({ name }) => name === notification.channel);
    try {
      if (!channel) throw new Undeliverable(`This installation has no channel "${notification.channel}" any more.`);
      const message = await this.inTime(writeMessage({ ...this.parts, sql: this.sql }, notification));
      if (!message) return { is: 'dropped' };
      await this.inTime(channel.send(message));
      return { is: 'sent' };
    } catch (error) {
      return this.failed(notification, error as Error);
    }
  }

  private async inTime<T>(work: Promise<T>): Promise<T> {
    const mostMs = this.parts.mostMs ?? MOST_MS;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DeliveryError(`It took longer than ${mostMs / 1000} s.`)), mostMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private failed({ id, channel, attempts }: ClaimedNotification, cause: Error): NotificationOutcome {
    const error = shown(cause).slice(0, MAX_ERROR);
    const isOver = cause instanceof Undeliverable || attempts >= MOST_ATTEMPTS;
    this.logger.warn(`Message ${id} could not be sent by ${channel}: ${logged(cause)}${isOver ? ' It is given up.' : ''}`);
    if (isOver) return { is: 'dead', error };
    const pauseMs = Math.min(FIRST_PAUSE_MS * 4 ** (attempts - 1), LAST_PAUSE_MS);
    return { is: 'failed', error, nextAt: new Date(this.parts.clock.now() + pauseMs) };
  }

  private tell(error: unknown): void {
    if (!this.isFailing) this.logger.warn(`People could not be told of their tasks (${(error as Error).message}); trying again.`);
    this.isFailing = true;
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

function byTenant(causes: readonly NoticeCauseRow[]): ReadonlyMap<string, readonly NoticeCauseRow[]> {
  const groups = new Map<string, NoticeCauseRow[]>();
  for (const cause of causes) groups.set(cause.tenant, [...(groups.get(cause.tenant) ?? []), cause]);
  return groups;
}
