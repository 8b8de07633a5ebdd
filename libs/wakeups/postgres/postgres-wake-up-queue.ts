import { Logger } from '@nestjs/common';
import { WakeUpQueue } from '@stepwell/engine';
import { readWake, WAKE_CHANNEL } from './hint-messages.js';
import type { Hearer } from './listen-connection.js';
import type { PostgresHints } from './postgres-hints.js';

type OnWake = (queue: string) => void;

/** Wake-ups by NOTIFY. Listeners of this process are told directly, without the database, once per queue and turn of the event loop. */
export class PostgresWakeUpQueue extends WakeUpQueue implements Hearer {
  private readonly logger = new Logger('Wake-ups');
  private readonly listeners = new Map<string, Set<OnWake>>();
  private pending = new Set<string>();
  private readonly leave: () => Promise<void>;

  constructor(private readonly hints: PostgresHints) {
    super();
    this.leave = hints.join(this);
  }

  override get isListening(): boolean {
    return this.hints.connection.isListening;
  }

  wake(queues: Iterable<string>): void {
    const names = new Set(queues);
    this.tell(names);
    this.hints.notifier.wake(names);
  }

  async listen(queues: readonly string[], onWake: OnWake): Promise<() => Promise<void>> {
    // Wrapped, so that one function may listen twice.
    const listener: OnWake = (queue) => onWake(queue);
    for (const queue of queues) {
      let listeners = this.listeners.get(queue);
      if (!listeners) this.listeners.set(queue, (listeners = new Set()));
      listeners.add(listener);
    }
    await this.hints.connection.start();
    return async () => {
      for (const queue of queues) this.listeners.get(queue)?.delete(listener);
    };
  }

  async close(): Promise<void> {
    this.listeners.clear();
    await this.leave();
  }

  hear(channel: string, payload: string): void {
    if (channel !== WAKE_CHANNEL) return;
    const queues = readWake(this.hints.connection.origin, payload);
    if (queues?.length === 0) this.hints.connection.noteOther();
    if (queues) this.tell(queues);
  }

  lookAgain(): void {
    this.tell(this.listeners.keys());
  }

  private tell(queues: Iterable<string>): void {
    const isScheduled = this.pending.size > 0;
    for (const queue of queues) this.pending.add(queue);
    if (!isScheduled && this.pending.size > 0) queueMicrotask(() => this.deliver());
  }

  private deliver(): void {
    const queues = this.pending;
    this.pending = new Set();
    for (const queue of queues) for (const listener of [...(this.listeners.get(queue) ?? [])]) this.call(listener, queue);
  }

  private call(listener: OnWake, queue: string): void {
    try {
      listener(queue);
    } catch (error) {
      this.logger.error(`A listener of queue "${queue}" failed.`, (error as Error).stack);
    }
  }
}
