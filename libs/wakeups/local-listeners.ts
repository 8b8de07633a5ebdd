import { Logger } from '@nestjs/common';

export type OnWake = (queue: string) => void;

/** The listeners of this process, by queue. They are told after the current turn, once per queue however often it was said. */
export class LocalListeners {
  private readonly logger = new Logger('Wake-ups');
  private readonly listeners = new Map<string, Set<OnWake>>();
  private pending = new Set<string>();

  /** @returns removes it again */
  add(queues: readonly string[], onWake: OnWake): () => void {
    // Wrapped, so that one function may listen twice.
    const listener: OnWake = (queue) => onWake(queue);
    for (const queue of queues) {
      let listeners = this.listeners.get(queue);
      if (!listeners) this.listeners.set(queue, (listeners = new Set()));
      listeners.add(listener);
    }
    return () => {
      for (const queue of queues) this.listeners.get(queue)?.delete(listener);
    };
  }

  tell(queues: Iterable<string>): void {
    const isScheduled = this.pending.size > 0;
    for (const queue of queues) this.pending.add(queue);
    if (!isScheduled && this.pending.size > 0) queueMicrotask(() => this.deliver());
  }

  tellAll(): void {
    this.tell(this.listeners.keys());
  }

  clear(): void {
    this.listeners.clear();
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
