/**
 * Tells people. Three stages, each durable before the next: what happened (written with it, by a trigger) becomes notices, when it is known
 * whom it concerns; what is due to one person on one channel becomes one message; messages are sent, and marked after that. So none is
 * lost, and one whose sender dies in between comes twice, under one id. Any number of processes may do this: one plans at a time, and a
 * message is claimed by one. Here it is planned; each channel sends by itself (`channel-sender.ts`), and none waits for another.
 */
import { Logger } from '@nestjs/common';
import {
  causeLater,
  expireNotifications,
  gatherNotices,
  giveUpWithoutChannel,
  insertNotices,
  inTransaction,
  keepNotifying,
  lockPlanning,
  type NoticeCauseRow,
  noticeWork,
  pgSql,
  type Sql,
  takeCauses,
} from '@stepwell/storage';
import type { ApprovalLinks } from '@stepwell/tasks';
import type pg from 'pg';
import type { NotificationChannel } from './channel.port.js';
import { ChannelSender, type SenderParts } from './channel-sender.js';
import { planNotices } from './plan-notices.js';

/** A message is no conversation: some seconds are at once. What comes meanwhile goes in one message. */
const SWEEP_MS = 5_000;
const KEEP_MS = 3_600_000;
const CAUSES = 200;
const KEPT_MS = 30 * 86_400_000;

export interface NotifierParts extends Omit<SenderParts, 'sql' | 'channel' | 'links'> {
  readonly pool: pg.Pool;
  readonly channels: readonly NotificationChannel[];
  readonly links?: Pick<ApprovalLinks, 'make' | 'sweep'> | undefined;
}

export class Notifier {
  private readonly logger = new Logger('Notifications');
  private readonly sql: Sql;
  private readonly senders: readonly ChannelSender[];
  private readonly timers: NodeJS.Timeout[] = [];
  private planning: Promise<void> | undefined;
  private isFailing = false;
  private isStopping = false;

  constructor(private readonly parts: NotifierParts) {
    const sql = pgSql(parts.pool);
    this.sql = sql;
    this.senders = parts.channels.map((channel) => new ChannelSender({ ...parts, sql, channel }));
  }

  /** Without a channel it asks the database nothing, and nothing is written for it. */
  async start(): Promise<void> {
    if (this.senders.length === 0) return;
    await this.keep();
    this.timers.push(
      setInterval(() => void this.tick().catch((error: unknown) => this.tell(error)), SWEEP_MS).unref(),
      setInterval(() => void this.keep().catch((error: unknown) => this.tell(error)), KEEP_MS).unref(),
    );
  }

  /** Ends after the messages that are being sent; the others are for the next process, or for another one. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.planning?.catch(() => undefined);
    await Promise.all(this.senders.map((sender) => sender.stop()));
  }

  /** Plans and sends what is due. What is being planned, or sent on a channel, meanwhile, it waits for, and does not do itself. */
  async tick(): Promise<void> {
    const { toPlan, toSend } = await noticeWork(this.sql, this.now(), this.awake());
    if (toPlan) await this.planDue();
    const due = toPlan ? this.awake() : toSend;
    await Promise.all(this.senders.filter(({ name }) => due.includes(name)).map((sender) => sender.send()));
    this.isFailing = false;
  }

  /** The channels that are not known to be away. */
  private awake(): readonly string[] {
    return this.senders.filter((sender) => !sender.isAway).map(({ name }) => name);
  }

  private async keep(): Promise<void> {
    await keepNotifying(this.sql);
    const channels = this.parts.channels.map(({ name }) => name);
    await giveUpWithoutChannel(this.sql, this.now(), channels, 'This installation does not have the channel any more.');
    await expireNotifications(this.sql, new Date(this.parts.clock.now() - KEPT_MS), 10_000);
    await this.parts.links?.sweep();
  }

  private planDue(): Promise<void> {
    const plan = async (): Promise<void> => {
      while (!this.isStopping && (await this.plan()) === CAUSES);
    };
    this.planning ??= plan().finally(() => {
      this.planning = undefined;
    });
    return this.planning;
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

  private tell(error: unknown): void {
    if (!this.isFailing) this.logger.warn(`People could not be told of their tasks (${(error as Error).message}); trying again.`);
    this.isFailing = true;
  }

  private now(): Date {
    return new Date(this.parts.clock.now());
  }
}

function byTenant(causes: readonly NoticeCauseRow[]): ReadonlyMap<string, readonly NoticeCauseRow[]> {
  const groups = new Map<string, NoticeCauseRow[]>();
  for (const cause of causes) groups.set(cause.tenant, [...(groups.get(cause.tenant) ?? []), cause]);
  return groups;
}
