/**
 * A step's own transaction in memory: what it commits is kept back until `commit()`. From its first write it has the store to itself, as
 * it would have the rows it locked. There is no database in it: whoever writes by its manager is told so.
 */
import type { DispatchRef } from '../ports/dispatch-store.port.js';
import type { EmitterBatch, LedgerRow, OwnTransaction, TransactionManager } from '../ports/own-transactions.port.js';
import type { CommitOutcome, RunCommit } from '../ports/run-commit.js';
import type { RunLease } from '../ports/run-leases.port.js';
import type { NewRun } from '../ports/run-starts.port.js';
import { prepareCommit } from './memory-commit.js';
import type { MemoryDispatches } from './memory-dispatches.js';
import type { MemoryRows } from './memory-rows.js';
import { insertRun } from './memory-starts.js';

export class MemoryTransaction implements OwnTransaction {
  isActive = true;
  readonly manager = NO_DATABASE;
  readonly batch: EmitterBatch;
  private readonly staged: (() => void)[] = [];
  private letGo: (() => void) | undefined;

  /** @param lock resolves when the store is ours; with what gives it back */
  constructor(
    private readonly rows: MemoryRows,
    private readonly dispatches: MemoryDispatches,
    private readonly lock: () => Promise<() => void>,
  ) {
    this.batch = {
      lockRun: (lease) => this.lockRun(lease),
      moveCursor: async (tenant, emitter, from, to) => this.moveCursor(JSON.stringify([tenant, emitter]), from, to),
      claimRecordKeys: async (tenant, emitter, keys, runIds) => this.claimRecordKeys([tenant, emitter], keys, runIds),
      insertRuns: async (runs) => this.insertRuns(runs),
      insertReads: async (_tenant, emitterRun, _batch, emitter, reads) => this.insertReads(emitterRun, emitter, reads),
    };
  }

  async authorIsDone(): Promise<void> {}

  async commitRun(commit: RunCommit): Promise<CommitOutcome> {
    await this.hold();
    const { outcome, apply } = prepareCommit(this.rows, commit);
    this.staged.push(apply);
    return outcome;
  }

  async endDispatch(dispatch: DispatchRef & { readonly run_id: string }, facts: unknown): Promise<boolean> {
    await this.hold();
    const end = this.dispatches.prepareEnd(dispatch, facts);
    if (end) this.staged.push(end);
    return end !== undefined;
  }

  async commit(): Promise<void> {
    if (!this.isActive) throw new Error('This transaction has ended.');
    for (const apply of this.staged) apply();
    await this.rollback();
  }

  async rollback(): Promise<void> {
    this.isActive = false;
    this.letGo?.();
    this.letGo = undefined;
  }

  private async hold(): Promise<void> {
    this.letGo ??= await this.lock();
  }

  private async lockRun({ id, epoch }: RunLease): Promise<boolean> {
    await this.hold();
    const run = this.rows.runs.get(id);
    return run?.epoch === epoch && run.status === 'running';
  }

  private moveCursor(emitter: string, from: string, to: string): boolean {
    const { cursors } = this.rows;
    if (cursors.has(emitter) && cursors.get(emitter) !== from) return false;
    this.staged.push(() => cursors.set(emitter, to));
    return true;
  }

  private claimRecordKeys(emitter: readonly string[], keys: readonly string[], runIds: readonly string[]): ReadonlySet<string> {
    const { emissions } = this.rows;
    const isFresh = (key: string) => !emissions.has(JSON.stringify([...emitter, key]));
    const fresh = new Map<string, string>();
    for (const [index, key] of keys.entries()) if (isFresh(key) && !fresh.has(key)) fresh.set(key, runIds[index] ?? '');
    this.staged.push(() => {
      for (const [key, runId] of fresh) emissions.set(JSON.stringify([...emitter, key]), runId);
    });
    return new Set(fresh.keys());
  }

  private insertRuns(runs: readonly NewRun[]): void {
    this.staged.push(() => {
      for (const run of runs) insertRun(this.rows, run);
    });
  }

  private insertReads(emitterRun: string, emitter: string, reads: readonly LedgerRow[]): void {
    this.staged.push(() => void this.rows.ledger.push(...reads.map((read) => ({ ...read, emitter, emitterRun }))));
  }
}

const NO_DATABASE = new Proxy({} as TransactionManager, {
  get: (_target, property) => {
    throw new Error(
      `There is no database in memory, so manager.${String(property)} is not there. Run this test on PostgreSQL (STEPWELL_TEST_STORE=postgres), or give the step a stub.`,
    );
  },
});
