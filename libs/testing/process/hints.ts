import { type Change, ChangeFeed, WakeUpQueue } from '@stepwell/engine';

/** Hints within one process of Node, for all the processes that a test plays. */
export class KitHints extends WakeUpQueue {
  private readonly listeners = new Set<{ readonly queues: readonly string[]; readonly onWake: (queue: string) => void }>();

  wake(queues: Iterable<string>): void {
    const woken = [...queues];
    queueMicrotask(() => {
      for (const { queues: heard, onWake } of [...this.listeners]) for (const queue of woken) if (heard.includes(queue)) onWake(queue);
    });
  }

  async listen(queues: readonly string[], onWake: (queue: string) => void): Promise<() => Promise<void>> {
    const listener = { queues, onWake };
    this.listeners.add(listener);
    return async () => void this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.listeners.clear();
  }
}

/** Nobody looks at pages. */
export class NoFeed extends ChangeFeed {
  publish(_changes: Iterable<Change>): void {}

  subscribe(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {}
}
