/** One process of the system as the server wires it, with a worker and an event router, under virtual time; it may die at any write. */
import type { Secrets, Timers, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { EVENT_ROUTER_DEFAULTS, EventRouter } from '@stepwell/events';
import {
  type AsyncResultIds,
  type CheckpointTexts,
  type Handlers,
  Worker,
  WORKER_DEFAULTS,
  type WorkerLog,
  type WorkerOptions,
} from '@stepwell/runtime';
import type { StoreConnection } from '../stores/kit-store.js';
import type { VirtualTime } from '../virtual-time.js';
import type { Activity } from './activity.js';
import { NoFeed } from './hints.js';
import { type Gate, Mortal, type Writes } from './mortal-store.js';

/** Nothing has to be found by looking again, and no lease runs out, however far a test jumps: hints must do, and deaths are told. */
const FOREVER_MS = 200 * 365 * 86_400_000;

const OPTIONS: Partial<WorkerOptions> = { leaseMs: FOREVER_MS, sweepMs: FOREVER_MS, busyPollMs: FOREVER_MS, drainMs: 1_000 };

export interface KitProcessParts {
  readonly connection: StoreConnection;
  readonly catalog: WorkflowCatalog;
  readonly handlers: Handlers;
  readonly queues: readonly string[];
  readonly time: VirtualTime;
  readonly hints: WakeUpQueue;
  readonly ids: AsyncResultIds;
  readonly checkpoints: CheckpointTexts;
  readonly activity: Activity;
  readonly writes: Writes;
  readonly log: WorkerLog;
  readonly random: () => number;
  /** None when absent. */
  readonly secrets?: Secrets;
  readonly options?: Partial<WorkerOptions>;
  /** Lets a schedule decide what comes next. */
  readonly gate?: Gate;
}

export class KitProcess {
  readonly worker: Worker;
  private readonly mortal: Mortal;
  private readonly router: EventRouter;
  private readonly endTimers: () => void;
  private readonly timers: Timers;

  constructor(parts: KitProcessParts) {
    const { connection, catalog, handlers, queues, time, hints, ids, checkpoints, activity, writes, log, random, secrets, options, gate } =
      parts;
    const { timers, end } = time.timersOfAProcess();
    this.endTimers = end;
    this.mortal = new Mortal(activity, writes, end, gate);
    this.worker = new Worker(
      {
        ...{ store: this.mortal.store(connection.store), catalog, handlers, wakeUps: hints, clock: time.clock, timers, random, secrets },
        ...{ asyncResultIds: ids, checkpoints, log, onCommitted: () => undefined },
      },
      { ...WORKER_DEFAULTS, ...OPTIONS, queues, ...options },
    );
    // There is one router at a time, so what a dead one had taken is anybody's at once.
    const router = { ...EVENT_ROUTER_DEFAULTS, leaseMs: 0 };
    this.router = new EventRouter(this.mortal.events(connection.events), catalog, hints, new NoFeed(), router);
    this.timers = timers;
  }

  get isDead(): boolean {
    return this.mortal.isDead;
  }

  get handlersAtWork(): number {
    return this.isDead ? 0 : this.worker.handlersAtWork;
  }

  /** Resolves when it has begun, or has died of it. */
  async start(): Promise<void> {
    const started = this.worker.start();
    await Promise.race([started, this.mortal.died]);
  }

  /** One pass of the event router. @returns whether it found anything */
  async route(): Promise<boolean> {
    const pass = await Promise.race([this.router.pass(), this.mortal.died]);
    const retryMs = this.router.takeSoonestRetry();
    // That time comes by itself; the next pass is made when it is there.
    if (retryMs !== undefined) this.timers.after(retryMs, () => undefined);
    return pass !== undefined && (pass.found > 0 || pass.mayBeMore);
  }

  /** Dies at once: nothing that it holds in memory is left. */
  kill(): void {
    this.mortal.die();
  }

  async stop(): Promise<void> {
    if (!this.isDead) await Promise.race([this.worker.stop(), this.mortal.died]);
    this.endTimers();
  }
}
