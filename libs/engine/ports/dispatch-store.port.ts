/** Steps on other queues. A dispatch has a fence of its own: its epoch. */
import type { Actor } from '@stepwell/contracts';
import type { RunRef } from './run-leases.port.js';

export interface DispatchRef {
  readonly tenant: string;
  readonly id: string;
  readonly epoch: number;
}

export interface ClaimedDispatch extends DispatchRef {
  readonly run_id: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly workflow: string;
  readonly version: number;
  /** The run's own queue: where its owner is woken. */
  readonly run_queue: string;
  readonly lineage_root: string;
  readonly actor: Actor | null;
}

export interface DispatchStore {
  /** Of each queue higher priorities first, then the older ones; whose turn it is among queues, an adapter may decide. */
  claim(worker: string, queues: readonly string[], needs: readonly string[], limit: number): Promise<readonly ClaimedDispatch[]>;
  /**
   * Ends a dispatch and tells the run's owner, who makes facts of it.
   *
   * @param facts drafts with their effects, as the owner would have recorded them itself
   * @returns false when another worker has taken the dispatch over, or nobody wants it any more
   */
  end(dispatch: DispatchRef & { readonly run_id: string }, facts: unknown): Promise<boolean>;
  /** After an unknown outcome: the new epoch waits for, or fences, what is still in flight. */
  giveBack(dispatch: DispatchRef): Promise<void>;
  leasedTo(worker: string): Promise<readonly DispatchRef[]>;
  /** @returns the epochs of those that still exist, by id */
  watch(dispatches: readonly RunRef[]): Promise<ReadonlyMap<string, number>>;
}
