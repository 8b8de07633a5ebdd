// Timers for tests: time passes when it is told to, and promises settle in between.
import type { Timers } from './coalesce.js';

export class VirtualTimers implements Timers {
  private time = 0;
  private last = 0;
  private readonly waiting = new Map<number, { readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.time;
  }

  set(callback: () => void, ms: number): unknown {
    this.waiting.set(++this.last, { at: this.time + ms, callback });
    return this.last;
  }

  clear(handle: unknown): void {
    this.waiting.delete(handle as number);
  }

  /** Lets `ms` pass and runs what is due on the way, each at its own time. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let next = this.next(end); next; next = this.next(end)) {
      const [handle, { at, callback }] = next;
      this.waiting.delete(handle);
      this.time = at;
      callback();
      await settled();
    }
    this.time = end;
  }

  private next(end: number) {
    return [...this.waiting].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
  }
}

/** Resolves when every promise that could go on has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
