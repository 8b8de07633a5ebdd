import { Logger } from '@nestjs/common';
import { type Change, ChangeFeed } from '@stepwell/engine';
import { CHANGES_CHANNEL, readChanges } from './hint-messages.js';
import type { Hearer } from './listen-connection.js';
import type { PostgresHints } from './postgres-hints.js';

interface Subscriber {
  readonly onChange: (change: Change) => void;
  readonly onGap: (() => void) | undefined;
}

/**
 * Invalidations by NOTIFY. The subscribers of this process are told after the current turn, of all that was said in it. Without a direct URL only
 * the changes of this process are seen.
 */
export class PostgresChangeFeed extends ChangeFeed implements Hearer {
  private readonly logger = new Logger('Changes');
  private readonly subscribers = new Set<Subscriber>();
  private pending: Change[] = [];
  private readonly leave: () => Promise<void>;

  constructor(private readonly hints: PostgresHints) {
    super();
    this.leave = hints.join(this);
  }

  publish(changes: readonly Change[]): void {
    if (this.subscribers.size > 0) this.gather(changes);
    this.hints.notifier.publish(changes);
  }

  subscribe(onChange: (change: Change) => void, onGap?: () => void): () => void {
    const subscriber: Subscriber = { onChange, onGap };
    this.subscribers.add(subscriber);
    void this.hints.connection.start();
    return () => this.subscribers.delete(subscriber);
  }

  async close(): Promise<void> {
    this.subscribers.clear();
    await this.leave();
  }

  hear(channel: string, payload: string): void {
    if (channel === CHANGES_CHANNEL) this.deliver(readChanges(this.hints.connection.origin, payload));
  }

  lookAgain(): void {
    for (const { onGap } of [...this.subscribers]) if (onGap) this.guarded(onGap, undefined);
  }

  private gather(changes: readonly Change[]): void {
    const isScheduled = this.pending.length > 0;
    for (const change of changes) this.pending.push(change);
    if (!isScheduled && this.pending.length > 0) queueMicrotask(() => this.deliver(this.taken()));
  }

  private taken(): Change[] {
    const taken = this.pending;
    this.pending = [];
    return taken;
  }

  private deliver(changes: readonly Change[]): void {
    const subscribers = [...this.subscribers];
    for (const change of changes) for (const { onChange } of subscribers) this.guarded(onChange, change);
  }

  private guarded<About>(tell: (about: About) => void, about: About): void {
    try {
      tell(about);
    } catch (error) {
      this.logger.error('A subscriber failed.', (error as Error).stack);
    }
  }
}
