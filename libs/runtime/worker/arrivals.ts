/**
 * Runs that come to this worker without being claimed by it: one that is inserted already leased to it, one that the result it waited for
 * hands over. Whoever brings one asks for room first, and then says what became of it.
 */
import type { Claimant, ClaimedRun, Fact, InboxRow, RunRef, RunState, WorkerStore } from '@stepwell/engine';
import type { ActiveRuns } from './active-runs.js';
import { inPortions } from './in-portions.js';
import type { KeptFolds } from './kept-folds.js';
import { type Claimed, readRuns } from './read-runs.js';

export interface ArrivalsParts {
  readonly store: WorkerStore;
  readonly active: ActiveRuns;
  /** How the worker claims now; null while it may not take a run of this tenant that does not queue. */
  readonly claimant: (tenant: string) => Claimant | null;
  /** A run of this tenant is queued that others are to take. */
  readonly noteQueued: (tenant: string) => void;
  readonly isRunning: () => boolean;
  readonly kept: KeptFolds;
  readonly activate: (run: ClaimedRun, facts: readonly Fact[], messages: readonly InboxRow[], fold: RunState | undefined) => void;
  readonly wake: (queue: string) => void;
  /** The database may hold runs for this worker that it does not know of. */
  readonly suspect: () => void;
}

export class Arrivals {
  private handedOver: Claimed[] = [];

  constructor(private readonly parts: ArrivalsParts) {}

  /**
   * Asks for room for a run that is about to be inserted, already leased to this worker. Then call `adopt` or `decline`.
   *
   * @returns the incarnation to lease it to; null when it has to queue
   */
  reserve({ tenant, queue, id }: RunRef & { readonly queue: string }): string | null {
    const claimant = this.parts.claimant(tenant);
    if (!claimant?.queues.includes(queue)) return null;
    this.parts.active.expect({ tenant, id });
    return claimant.worker;
  }

  /** A run of this tenant is about to be queued for other workers: its next one is not to go before it. */
  leave(tenant: string): void {
    this.parts.noteQueued(tenant);
  }

  /**
   * Asks for room for a run that waits, and that what it waits for is about to hand over. Then call `resume` or `decline`.
   *
   * @returns null when it has to queue, or is here already
   */
  reserveWaiting({ tenant, id: runId }: RunRef): Claimant | null {
    const claimant = this.parts.claimant(tenant);
    if (!claimant || this.parts.active.has(runId)) return null;
    this.parts.active.expect({ tenant, id: runId });
    return claimant;
  }

  /** Goes on with a run that was inserted as `reserve` said. */
  adopt(run: ClaimedRun, facts: readonly Fact[], messages: readonly InboxRow[] = [], fold?: RunState): void {
    const { active, isRunning, activate, store, wake } = this.parts;
    if (active.arrive(run.id) && isRunning()) activate(run, facts, messages, fold);
    // The incarnation has ended meanwhile: the sweep finds the run, this only saves the time.
    else
      store.runs.giveBack(run).then(
        () => wake(run.queue),
        () => undefined,
      );
  }

  /** Goes on with a run that was handed over as `reserveWaiting` said. Those of one turn of the event loop are read together. */
  resume(claimed: Claimed): void {
    this.handedOver.push(claimed);
    if (this.handedOver.length === 1) setImmediate(() => void this.resumeAll());
  }

  private async resumeAll(): Promise<void> {
    const claimed = this.handedOver;
    this.handedOver = [];
    const left = new Set(claimed.map(({ run }) => run.id));
    try {
      for await (const read of readRuns(this.parts.store.journals, claimed, this.parts.kept)) {
        for await (const runs of inPortions(read)) {
          for (const { run, facts, messages, fold } of runs) {
            left.delete(run.id);
            this.adopt(run, facts, messages, fold);
          }
        }
      }
    } catch {
      for (const id of left) this.decline(id, false);
    }
  }

  /** The run does not come. @param isKnown false when the database may have leased it to us, without our knowing */
  decline(runId: string, isKnown: boolean): void {
    this.parts.active.decline(runId);
    if (!isKnown) this.parts.suspect();
  }
}
