export interface Carrier {
  readonly name: 'postgres' | 'redis' | 'none';
  /** Then workers ask the database by themselves. */
  readonly isAway: boolean;
}

/**
 * Wake-ups: hints that a run of some queue can be advanced. Losing one costs time, never work: the sweep finds what was missed.
 * Called after the commit only. Adapters coalesce; the payload is a queue name, never data.
 */
export abstract class WakeUpQueue {
  /** False while hints of other processes cannot be heard: then the worker polls adaptively. */
  get isListening(): boolean {
    return true;
  }
  /** What carries the hints between processes, and whether it is away; for people. */
  get carrier(): Carrier {
    return { name: 'none', isAway: false };
  }
  /** Tells the other processes that these queues have work. Returns at once; errors are logged by the adapter, never thrown. */
  abstract wake(queues: Iterable<string>): void;
  /**
   * What a transaction of somebody else's sends by NOTIFY so that its commit is the wake-up. None where hints do not go through the
   * database: then the sweep finds the work.
   */
  atCommit(_queues: Iterable<string>): readonly { readonly channel: string; readonly payload: string }[] {
    return [];
  }
  /** Calls `onWake` for every hint that another process (or this one) sent for one of `queues`. */
  abstract listen(queues: readonly string[], onWake: (queue: string) => void): Promise<() => Promise<void>>;
  abstract close(): Promise<void>;
}

/** The queue of runs that were sent to no other. */
export const DEFAULT_QUEUE = 'default';
