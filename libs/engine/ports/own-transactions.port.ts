/**
 * A transaction on a connection of its own, for `ctx.transaction` and for an emitter's batch. What is committed through it (a run's facts,
 * the end of a dispatch, a batch) commits with the author's own writes, or not at all.
 */
import type { StepContext } from '@stepwell/sdk';
import type { DispatchRef } from './dispatch-store.port.js';
import type { CommitOutcome, RunCommit } from './run-commit.js';
import type { RunLease } from './run-leases.port.js';
import type { NewRun } from './run-starts.port.js';

/** What the author writes by. */
export type TransactionManager = Parameters<Parameters<StepContext<never>['transaction']>[0]>[0];

/** One line of an emitter's ledger. */
export interface LedgerRow {
  readonly outcome: 'started' | 'deduplicated' | 'rejected';
  readonly position: number | null;
  readonly recordKey: string | null;
  readonly runId: string | null;
  readonly reason: string | null;
  readonly excerpt: string | null;
}

/** The rows of an emitter's batch. */
export interface EmitterBatch {
  /** @returns false when the lease has passed on */
  lockRun(lease: RunLease): Promise<boolean>;
  /**
   * Moves an emitter's cursor, if it still stands where this batch began to read.
   *
   * @param from and to: JSON text
   * @returns false when another run of the emitter has moved it meanwhile: then roll back and read again from there
   */
  moveCursor(tenant: string, emitter: string, from: string, to: string, emitterRun: string): Promise<boolean>;
  /** @returns the keys that were never emitted before */
  claimRecordKeys(tenant: string, emitter: string, keys: readonly string[], runIds: readonly string[]): Promise<ReadonlySet<string>>;
  insertRuns(runs: readonly NewRun[]): Promise<void>;
  insertReads(tenant: string, emitterRun: string, batch: number, emitter: string, rows: readonly LedgerRow[]): Promise<void>;
}

export interface OwnTransaction {
  readonly manager: TransactionManager;
  readonly batch: EmitterBatch;
  /** False when the author's code has ended it by itself. */
  readonly isActive: boolean;
  /** From here on the engine writes: what the author has left to the end of the transaction is checked now. */
  authorIsDone(author: { readonly hasWritten: boolean }): Promise<void>;
  /** As a commit with everybody else's, but nothing is repeated. @throws UnstorableError; anything else as it came */
  commitRun(commit: RunCommit): Promise<CommitOutcome>;
  /** As `DispatchStore.end`; on false the caller rolls back. */
  endDispatch(dispatch: DispatchRef & { readonly run_id: string }, facts: unknown): Promise<boolean>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface OwnTransactions {
  /**
   * Opens a transaction and ends it whatever happens: `work` commits by `transaction.commit()`, anything else is rolled back.
   *
   * @param idleMs how long it may idle: below the lease, so that it is cut before its worker is taken for dead
   * @throws UnknownOutcomeError when the connection broke, StalledProcessError when it was cut because this process stood still;
   * StepwellError TRANSACTION_IDLED when `work` idled too long; otherwise what `work` throws
   */
  run<T>(idleMs: number, work: (transaction: OwnTransaction) => Promise<T>): Promise<T>;
  /** Where an emitter's next batch begins to read. */
  readCursor(tenant: string, emitter: string): Promise<unknown>;
}
