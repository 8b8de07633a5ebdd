/** Who lives: until when each worker's leases hold, by the store's clock. */
export interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  readonly queues: readonly string[];
  /** `workflow@version` of what it takes runs of. */
  readonly hosts: readonly string[];
}

/** What the store tells a worker that it hears: one that registers, and at each of its heartbeats. */
export interface Heard {
  /** The time, by the store's clock, in milliseconds since 1970. */
  readonly now: number;
  /** How many other workers live that claim from one of its queues; those in isolation take suspects only, and are not counted. */
  readonly others: number;
  /** The lease of another worker has run out, and nobody has said of it that it is dead. */
  readonly isOneSilent: boolean;
  /**
   * For how many milliseconds, up to now, some worker or other was heard at least every half lease: whoever lives could have been heard as
   * well. None for who has just registered, or has missed a heartbeat of its own: that may be so of others who were cut off with it.
   */
  readonly heardForMs: number;
}

/** A full batch may have left some: the caller asks again until `isFull` is false. */
export interface TakenOver {
  /** The queues that have work again. */
  readonly queues: ReadonlySet<string>;
  readonly isFull: boolean;
}

export interface WorkerLeases {
  register(worker: WorkerRow, leaseMs: number): Promise<Heard>;
  /** @returns undefined when others have taken this worker for dead: it must drop all its runs and begin anew */
  beat(worker: string, leaseMs: number): Promise<Heard | undefined>;
  /** The graceful end; its runs are given back by the take-over that follows. */
  end(worker: string): Promise<void>;
  /** A worker that was taken for dead says that it lives: its silence was no crash. */
  forgive(worker: string): Promise<void>;
  /**
   * Gives back the runs and dispatches of workers that do not live.
   *
   * @param judge the worker that may declare others dead; null when none may be
   */
  takeOver(limit: number, judge: string | null): Promise<TakenOver>;
}
