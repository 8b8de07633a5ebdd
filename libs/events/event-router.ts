/**
 * Carries events to the workflows that start on them and to the runs that wait for them, in strides, each of them batches of one statement
 * or one short transaction:
 *
 * - routePending: unrouted events become deliveries, one per consumer. Any process may do it for any event.
 * - deliverPending: a process that hosts the listener takes deliveries for a while, asks the listener (the author's code, outside any
 *   transaction), and commits outcome and run together. A delivery that nobody settled in time is taken again; whoever settles first
 *   wins, so an event starts at most one run at each consumer, however many workers asked.
 *
 * - tellRuns: runs that have begun to wait get the events that had come before, and every run that an event fits, or that another run has
 *   something to say to, is told through its inbox. Needs no author code, so any process may do it for any run.
 *
 * A listener that throws is asked again, up to five times, and is then `failed` with its error: visible, never lost. Only throws count,
 * not crashes, stops or an absent database.
 */
import { Logger } from '@nestjs/common';
import { logLine } from '@stepwell/contracts';
import type {
  Change,
  ChangeFeed,
  ClaimedDelivery,
  Committed,
  Decided,
  EventStore,
  EventWork,
  HostedWorkflow,
  Listening,
  Routed,
  WakeUpQueue,
  WorkflowCatalog,
} from '@stepwell/engine';
import type { StartOn } from '@stepwell/sdk';
import { classify, DELIVER_LIMIT, DELIVERIES_PER_LISTENER, isLockHeld, LOOK_UP_LIMIT, OUTBOX_LIMIT, ROUTE_LIMIT } from '@stepwell/storage';
import { startVerdict } from './start-verdict.js';

export interface EventRouterOptions {
  /** Listeners asked at a time: most answer at once, some ask an outside service. */
  readonly concurrency: number;
  /** A listener that has not answered by then has failed this attempt. */
  readonly timeoutMs: number;
  /** For how long a claimed delivery is left alone; longer than the time-out, so that slow listeners are not asked twice at a time. */
  readonly leaseMs: number;
}

export const EVENT_ROUTER_DEFAULTS: EventRouterOptions = { concurrency: 16, timeoutMs: 10_000, leaseMs: 30_000 };

/** Deliveries per transaction: it locks their rows, and the rows of their keys. */
const COMMIT_LIMIT = 500;

const NOTHING_ROUTED: Routed = { events: 0, areAwaited: false, workflows: [] };
const NOBODY = { delivered: 0, runs: [] } as const;

/** What one batch of everything came to. */
export interface Pass {
  readonly found: number;
  /** Some batch was full. Else nothing is left but what came meanwhile, which its hint tells, and what another process has in hand. */
  readonly mayBeMore: boolean;
}

interface Consumer extends Listening {
  readonly hosted: HostedWorkflow;
  readonly listener: StartOn<unknown>;
}

export class EventRouter {
  private readonly logger = new Logger('Events');
  private readonly consumers: ReadonlyMap<string, Consumer>;
  private listening: readonly Listening[];
  private soonestRetryMs: number | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly catalog: WorkflowCatalog,
    private readonly wakeUps: WakeUpQueue,
    private readonly changes: ChangeFeed,
    private readonly options: EventRouterOptions = EVENT_ROUTER_DEFAULTS,
  ) {
    const consumers = catalog
      .current()
      .flatMap((hosted) =>
        hosted.definition.startOn.map((listener) => ({ workflow: hosted.definition.name, event: listener.event, hosted, listener })),
      );
    this.consumers = new Map(consumers.map((consumer) => [keyOf(consumer.workflow, consumer.event), consumer]));
    this.listening = consumers.map(({ workflow, event }) => ({ workflow, event }));
  }

  /** Routes one batch. @returns how many events; a full batch means that there may be more */
  async routePending(): Promise<number> {
    return (await this.store.route()).events;
  }

  /** One batch of everything: does what one look says there is, and what comes of that, so that a pass without work is one statement. */
  async pass(): Promise<Pass> {
    const workflows = this.listening.map(({ workflow }) => workflow);
    const look = await this.store.work(workflows);
    const routed = look.unrouted ? await this.store.route() : NOTHING_ROUTED;
    const told = await this.tellRuns({ ...look, events: look.events || routed.areAwaited });
    const isHeard = look.deliveries || routed.workflows.some((workflow) => workflows.includes(workflow));
    const delivered = isHeard ? await this.deliverPending() : 0;
    return {
      found: routed.events + told.found + delivered,
      mayBeMore: routed.events >= ROUTE_LIMIT || told.mayBeMore || delivered >= DELIVERIES_PER_LISTENER,
    };
  }

  /** Tells one batch of runs what they wait for. */
  private async tellRuns(work: EventWork): Promise<Pass> {
    const lookedUp = work.waits ? await this.store.lookUpWaits() : { waits: 0, events: 0 };
    // What was looked up is to be delivered at once.
    const events = work.events || lookedUp.events > 0 ? await this.store.deliverToWaits() : NOBODY;
    const messages = work.messages ? await this.store.deliverOutbox() : NOBODY;
    const runs = [...events.runs, ...messages.runs];
    if (runs.length > 0) {
      this.wakeUps.wake(new Set(runs.map(({ queue }) => queue)));
      this.changes.publish(runs.map(({ tenant, id }): Change => ({ tenant, kind: 'run', id })));
    }
    return {
      found: lookedUp.waits + events.delivered + messages.delivered,
      mayBeMore: lookedUp.waits >= LOOK_UP_LIMIT || events.delivered >= DELIVER_LIMIT || messages.delivered >= OUTBOX_LIMIT,
    };
  }

  /** Delivers one batch. @returns how many deliveries were taken, whatever became of them; 0 means that none is due here */
  async deliverPending(): Promise<number> {
    const { leaseMs, concurrency } = this.options;
    const claimed = await this.store.claimDeliveries(this.listening, leaseMs);
    // Another one is first the next time.
    this.listening = [...this.listening.slice(1), ...this.listening.slice(0, 1)];
    const decided = await mapBounded(claimed, concurrency, (delivery) => this.decide(delivery));
    const known = decided.filter((one) => one !== undefined);
    for (let from = 0; from < known.length; from += COMMIT_LIMIT) await this.settle(known.slice(from, from + COMMIT_LIMIT));
    return claimed.length;
  }

  /** In how many milliseconds the next of the retries that this process has put off is due; asking forgets it. */
  takeSoonestRetry(): number | undefined {
    const soonest = this.soonestRetryMs;
    this.soonestRetryMs = undefined;
    return soonest;
  }

  private async decide(delivery: ClaimedDelivery): Promise<Decided | undefined> {
    const consumer = this.consumers.get(keyOf(delivery.workflow, delivery.name));
    if (!consumer) return undefined;
    const verdict = await startVerdict(this.catalog, consumer.listener, delivery, this.options.timeoutMs);
    if (verdict.kind === 'retry') this.retryIn(verdict.delayMs);
    if (verdict.kind === 'failed') this.tellFailed(delivery, verdict.error);
    const version = verdict.kind === 'start' ? verdict.run.version : consumer.hosted.definition.version;
    return { delivery, version, verdict };
  }

  /**
   * One transaction for all; when the database cannot store some value, or somebody holds a key, halves, until the one culprit fails
   * alone. Whose key is held stays claimed, and is taken again when that is over.
   */
  private async settle(decided: readonly Decided[]): Promise<void> {
    if (decided.length === 0) return;
    try {
      this.tell(await this.store.commitVerdicts(decided));
    } catch (error) {
      const isHeld = isLockHeld(error);
      if (!isHeld && classify(error) !== 'data') throw error;
      const [only] = decided;
      if (only && decided.length === 1) return isHeld ? this.retryIn(this.options.leaseMs) : this.settleUnstorable(only, error as Error);
      const middle = Math.ceil(decided.length / 2);
      await this.settle(decided.slice(0, middle));
      await this.settle(decided.slice(middle));
    }
  }

  private retryIn(delayMs: number): void {
    this.soonestRetryMs = Math.min(this.soonestRetryMs ?? Infinity, delayMs);
  }

  private async settleUnstorable({ delivery, version, verdict }: Decided, cause: Error): Promise<void> {
    if (verdict.kind !== 'start') throw cause;
    const error = `The database cannot store the run: ${cause.message}`;
    this.tellFailed(delivery, error);
    this.tell(await this.store.commitVerdicts([{ delivery, version, verdict: { kind: 'failed', error } }]));
  }

  private tellFailed({ tenant, event_id: eventId, name, workflow }: ClaimedDelivery, error: string): void {
    this.logger.error(logLine(`Event ${eventId} (${name}) did not start "${workflow}": ${error}`, { tenant }));
  }

  private tell({ settled, started }: Committed): void {
    if (started.length > 0) this.wakeUps.wake(new Set(started.map((run) => run.queue)));
    const runs = started.map(({ tenant, id }): Change => ({ tenant, kind: 'run', id }));
    const sources = settled.flatMap(({ delivery: { tenant, source_run: id } }): Change[] =>
      id === null ? [] : [{ tenant, kind: 'run', id }],
    );
    this.changes.publish([...runs, ...sources]);
  }
}

function keyOf(workflow: string, event: string): string {
  return `${workflow} ${event}`;
}

async function mapBounded<T, R>(items: readonly T[], bound: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(bound, items.length) }, lane));
  return results;
}
