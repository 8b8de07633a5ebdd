/** All that a worker keeps outside of its memory. */
import type { DispatchStore } from './dispatch-store.port.js';
import type { JournalStore } from './journal-store.port.js';
import type { OwnTransactions } from './own-transactions.port.js';
import type { CommitOutcome, RunCommit } from './run-commit.js';
import type { RunLeases } from './run-leases.port.js';
import type { SessionStore } from './session-store.port.js';
import type { StepKeys } from './step-keys.port.js';
import type { WorkerLeases } from './worker-leases.port.js';

export interface Committer {
  /**
   * @throws UnknownOutcomeError when it is not known whether the commit happened
   * @throws UnstorableError when the store cannot keep a value of this very commit
   */
  commit(commit: RunCommit): Promise<CommitOutcome>;
}

export interface WorkerStore {
  readonly workers: WorkerLeases;
  readonly runs: RunLeases;
  readonly journals: JournalStore;
  readonly dispatches: DispatchStore;
  readonly committer: Committer;
  readonly transactions: OwnTransactions;
  readonly keys: StepKeys;
  readonly sessions: SessionStore;
}
