export interface WorkerOptions {
  readonly roles: readonly string[];
  readonly queues: readonly string[];
  /** How long a lease holds without a heartbeat. 15 s: a dead worker's runs move on soon, a paused one survives a long collection. */
  readonly leaseMs: number;
  /** How often to look without being woken; also the bound on what a lost wake-up costs. */
  readonly sweepMs: number;
  /** Runs and dispatched steps at a time; and one run in twenty more, of tenants that have hardly any here. */
  readonly maxActive: number;
  /** How long a stop waits for handlers that run; those that take longer run again elsewhere. Below the lease. */
  readonly drainMs: number;
  /** Between looks when there is no LISTEN connection and there was work just now. */
  readonly busyPollMs: number;
  /** A step that runs longer is written down as running, with its progress, and looked after, at most this often. Shorter ones cost nothing. */
  readonly reportMs: number;
  /** The folds of the last few runs that wait are kept from so many facts on, whatever they weigh: see kept-folds.ts. */
  readonly keepFoldsFrom: number;
  /** Of shorter ones so many, if they are light; 0 for none. */
  readonly keepShortFolds: number;
  /** Takes suspects only (see isolation.ts), one at a time; its parent knows of everything it enters. */
  readonly isIsolated: boolean;
}

/** Heartbeats in the time of one lease: two may be lost. */
export const BEATS_PER_LEASE = 3;

export const WORKER_DEFAULTS: WorkerOptions = {
  roles: ['worker'],
  queues: ['default'],
  leaseMs: 15_000,
  sweepMs: 10_000,
  maxActive: 2_000,
  drainMs: 8_000,
  busyPollMs: 25,
  reportMs: 1_000,
  // Some milliseconds to read and fold.
  keepFoldsFrom: 500,
  keepShortFolds: 2_000,
  isIsolated: false,
};
