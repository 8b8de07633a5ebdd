/**
 * Sends hints: one NOTIFY statement for everything that gathered, never in the statement that committed the work (NOTIFY serialises all
 * commits of the database, engine rule 8), on a pool connection of its own moment. The first hint goes out at once, those that follow
 * wait for a few milliseconds. Nothing is sent when nobody else listens.
 */
import { Logger } from '@nestjs/common';
import type { Change } from '@stepwell/engine';
import type pg from 'pg';
import { changeMessages, wakeMessages } from './hint-messages.js';
import type { ListenConnection } from './listen-connection.js';

/** At most 200 NOTIFYs a second and process, however busy it is; nobody feels five milliseconds. */
const GAP_MS = 5;

// A hint need not survive a crash, so its commit does not wait for the disk (the NOTIFY lock is held while a commit is written).
const NOTIFY = `SELECT /* notify */ set_config('synchronous_commit', 'off', true), pg_notify(channel, payload)
  FROM unnest($1::text[], $2::text[]) AS message(channel, payload)`;

export class Notifier {
  private readonly logger = new Logger('Wake-ups');
  private queues = new Set<string>();
  private changes = new Map<string, Change>();
  private sending: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly connection: ListenConnection,
  ) {}

  wake(queues: Iterable<string>): void {
    for (const queue of queues) this.queues.add(queue);
    this.begin();
  }

  publish(changes: Iterable<Change>): void {
    for (const change of changes) this.changes.set(`${change.kind} ${change.id} ${change.tenant}`, change);
    this.begin();
  }

  /** Resolves when everything that was given so far has been sent. */
  async drained(): Promise<void> {
    while (this.sending) await this.sending;
  }

  private begin(): void {
    if (this.sending || this.isEmpty()) return;
    this.sending = this.sendAll().finally(() => {
      this.sending = undefined;
    });
  }

  private isEmpty(): boolean {
    return this.queues.size === 0 && this.changes.size === 0;
  }

  private async sendAll(): Promise<void> {
    while (!this.isEmpty()) {
      // What is said in this very turn of the event loop goes along.
      await new Promise((resolve) => setImmediate(resolve));
      await this.sendOnce();
      await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    }
  }

  private async sendOnce(): Promise<void> {
    const { origin } = this.connection;
    const { queues, changes } = this;
    this.queues = new Set();
    this.changes = new Map();
    if (!(await this.connection.hasOthers())) return;
    const messages = [...wakeMessages(origin, queues), ...changeMessages(origin, changes.values())];
    try {
      await this.pool.query(NOTIFY, [messages.map(({ channel }) => channel), messages.map(({ payload }) => payload)]);
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        this.logger.warn(`Hints cannot be sent for now (${(error as Error).message}); the sweeps of the other processes find the work.`);
      this.isFailing = true;
    }
  }
}
