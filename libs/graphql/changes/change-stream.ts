/**
 * The changes that one subscription hears, coalesced: the first goes out at once, what follows within the gap becomes one. It holds at
 * most one change, so a slow client costs no memory. An iterator of its own and not an async generator: `return()` of a generator that
 * waits would itself wait, and the subscription to the feed would stay for ever.
 */
import type { Change, ChangeFeed } from '@stepwell/engine';
import type { ChangeObject } from './change.object.js';

/** Told when changes may have been missed: look again, whatever you show. */
const GAP: ChangeObject = { kind: 'gap', id: '*' };

export interface ChangeStreamOptions {
  readonly feed: ChangeFeed;
  readonly isWanted: (change: Change) => boolean;
  /** The least time between two changes told, in milliseconds. */
  readonly gapMs: number;
}

export class ChangeStream implements AsyncIterableIterator<ChangeObject> {
  private pending: ChangeObject | undefined;
  private waiting: ((result: IteratorResult<ChangeObject>) => void) | undefined;
  private notBefore = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private readonly unsubscribe: () => void;

  constructor(private readonly options: ChangeStreamOptions) {
    const hear = ({ kind, id }: ChangeObject) => this.hear({ kind, id });
    this.unsubscribe = options.feed.subscribe(
      (change) => {
        if (options.isWanted(change)) hear(change);
      },
      () => hear(GAP),
    );
  }

  next(): Promise<IteratorResult<ChangeObject>> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.deliver();
    });
  }

  return(): Promise<IteratorResult<ChangeObject>> {
    this.isOver = true;
    this.unsubscribe();
    clearTimeout(this.timer);
    this.deliver();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private hear(change: ChangeObject): void {
    this.pending = change;
    this.deliver();
  }

  private deliver(): void {
    const { waiting, pending } = this;
    if (!waiting) return;
    if (this.isOver) return this.answer(waiting, { done: true, value: undefined });
    if (!pending || this.timer) return;
    const early = this.notBefore - performance.now();
    if (early <= 0) {
      this.pending = undefined;
      this.notBefore = performance.now() + this.options.gapMs;
      return this.answer(waiting, { done: false, value: pending });
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.deliver();
    }, early);
  }

  private answer(waiting: (result: IteratorResult<ChangeObject>) => void, result: IteratorResult<ChangeObject>): void {
    this.waiting = undefined;
    waiting(result);
  }
}
