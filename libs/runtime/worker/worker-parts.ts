/** What a worker is made of, and whom it tells. */
import type { Clock, RunCommit, Secrets, Timers, WakeUpQueue, WorkerStore, WorkflowCatalog } from '@stepwell/engine';
import type { AsyncResultIds } from '../runs/async-result-ids.js';
import type { CheckpointTexts } from '../runs/checkpoint-text.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Entrance, Handlers, WorkerLog } from './host.js';

export interface WorkerParts {
  readonly store: WorkerStore;
  readonly catalog: WorkflowCatalog;
  readonly handlers: Handlers;
  /** By default there are none. */
  readonly secrets?: Secrets | undefined;
  readonly wakeUps: WakeUpQueue;
  readonly clock: Clock;
  /** Node's by default. */
  readonly timers?: Timers | undefined;
  /** Chance, from 0 to 1; `Math.random` by default. */
  readonly random?: (() => number) | undefined;
  readonly asyncResultIds: AsyncResultIds;
  readonly checkpoints: CheckpointTexts;
  readonly log: WorkerLog;
  /** By default there are no spans. */
  readonly tracing?: Tracing | undefined;
  /** Resolves when the queue has room for what an emitter reads; it always has by default. `goOn` throws when nobody waits any more. */
  readonly roomForEmitter?: ((tenant: string, goOn: () => void) => Promise<void>) | undefined;
  /** Called after each commit, for live pages. */
  readonly onCommitted: (commit: RunCommit) => void;
  /** Suspects wait for a worker in isolation. */
  readonly onSuspects?: (() => void) | undefined;
  /** For a worker in isolation: author code is about to be called. */
  readonly onEntering?: ((entrance: Entrance & { readonly worker: string }) => void) | undefined;
  /** For a worker in isolation: a look has found nothing, nothing is left to look for, and nothing is under way. */
  readonly onIdle?: (() => void) | undefined;
}
