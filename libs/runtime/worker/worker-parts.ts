/** What a worker is made of, and whom it tells. */
import type { Clock, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import type { RunCommit, Sql } from '@stepwell/storage';
import type { DataSource } from 'typeorm';
import type { AsyncResultIds } from '../runs/async-result-ids.js';
import type { Committer, Entrance, Handlers, WorkerLog } from './host.js';

export interface WorkerParts {
  readonly sql: Sql;
  /** For heartbeats only: nothing else may hold its connection. */
  readonly leaseSql: Sql;
  readonly committer: Committer;
  readonly dataSource: DataSource;
  readonly catalog: WorkflowCatalog;
  readonly handlers: Handlers;
  readonly wakeUps: WakeUpQueue;
  readonly clock: Clock;
  readonly asyncResultIds: AsyncResultIds;
  readonly log: WorkerLog;
  /** Called after each commit, for live pages. */
  readonly onCommitted: (commit: RunCommit) => void;
  /** Suspects wait for a worker in isolation. */
  readonly onSuspects?: (() => void) | undefined;
  /** For a worker in isolation: author code is about to be called. */
  readonly onEntering?: ((entrance: Entrance & { readonly worker: string }) => void) | undefined;
  /** For a worker in isolation: a look has found nothing, nothing is left to look for, and nothing is under way. */
  readonly onIdle?: (() => void) | undefined;
}
