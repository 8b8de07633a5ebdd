/**
 * Claims steps that other workers dispatched to queues of this one, and runs them. What holds for runs holds here: claim, then read; a
 * dispatch whose outcome is unknown gets a new epoch; a dead worker's is taken over by the sweep.
 */
import {
  type ClaimedDispatch,
  type DispatchRef,
  type Fact,
  type HostedWorkflow,
  type InboxRow,
  queueOf,
  type WorkflowCatalog,
} from '@stepwell/engine';
import { DispatchedStep, type DispatchHost } from './dispatched-step.js';
import { HeldBack } from './held-back.js';
import { aboutRun, type ActivationHost } from './host.js';

export interface DispatchRunnerParts {
  readonly host: ActivationHost;
  readonly catalog: WorkflowCatalog;
  readonly queues: readonly string[];
  /** Wakes the owners of runs of this queue. */
  readonly wake: (queue: string) => void;
  /** Something was given back. */
  readonly look: () => void;
  /** What the workflow needs of this worker, as the claim compares it. */
  readonly needsOf: (hosted: HostedWorkflow) => string;
  /** A step has ended, so there is room again. */
  readonly onRoom: () => void;
}

export class DispatchRunner implements DispatchHost {
  private readonly active = new Map<string, DispatchedStep>();
  private readonly heldBack: HeldBack<DispatchRef>;
  private readonly needs: readonly string[];
  private queues: readonly string[];
  private onEmpty: (() => void) | undefined;
  /** The last claim took all that there was room for: nobody says again that the others are queued. */
  mayBeMore = false;

  constructor(private readonly parts: DispatchRunnerParts) {
    this.queues = parts.queues;
    this.heldBack = new HeldBack((dispatch) => parts.host.store.dispatches.giveBack(dispatch), parts.look, parts.host.timers);
    // Steps without a queue of ours are never dispatched to us: then nothing is asked of the database either.
    this.needs = parts.catalog.served().flatMap((hosted) => (sendsTo(hosted, parts.queues) ? [parts.needsOf(hosted)] : []));
  }

  get size(): number {
    return this.active.size;
  }

  /** @returns how many were claimed */
  async claim(worker: string, room: number): Promise<number> {
    const { host } = this.parts;
    if (this.needs.length === 0) return 0;
    this.mayBeMore = true;
    if (room <= 0) return 0;
    // With room for fewer than there are queues, the first ones get it.
    this.queues = [...this.queues.slice(1), ...this.queues.slice(0, 1)];
    const claimed = await host.store.dispatches.claim(worker, this.queues, this.needs, room);
    this.mayBeMore = claimed.length >= room;
    if (claimed.length === 0) return 0;
    const journals = await host.store.journals.read(claimed.map(({ tenant, run_id: id }) => ({ tenant, id })));
    // Who had it before may have saved something that the run's owner has not read yet.
    const again = claimed.filter(({ epoch }) => epoch > 1).map(({ tenant, run_id: id }) => ({ tenant, id }));
    const inboxes = again.length > 0 ? await host.store.journals.inboxes(again) : undefined;
    for (const dispatch of claimed) {
      const unread = dispatch.epoch > 1 ? inboxes?.get(dispatch.run_id) : undefined;
      this.begin(dispatch, journals.get(dispatch.run_id) ?? [], unread ?? []);
    }
    return claimed.length;
  }

  ended(step: DispatchedStep): void {
    this.forget(step);
    this.heldBack.forget(step.dispatch.id);
    this.parts.wake(step.run.queue);
  }

  lost(step: DispatchedStep): void {
    this.forget(step);
  }

  died(step: DispatchedStep, why: unknown): void {
    this.forget(step);
    this.parts.host.log.warn('A dispatched step was dropped and will be claimed again', { ...aboutRun(step.run), error: String(why) });
    this.heldBack.hold(step.dispatch.id, step.dispatch);
  }

  /** Stops handlers whose dispatch has passed to another worker, or is wanted by nobody any more. */
  async watch(now: number, longerThanMs: number): Promise<void> {
    const long = [...this.active.values()].filter((step) => now - step.entry.startedAt >= longerThanMs);
    if (long.length === 0) return;
    const epochs = await this.parts.host.store.dispatches.watch(long.map((step) => step.dispatch));
    for (const step of long) {
      if (epochs.get(step.dispatch.id) === step.dispatch.epoch) continue;
      this.forget(step);
      step.entry.cut('The run does not wait for this step any more, or another worker runs it.');
    }
  }

  /** Gives back what is leased to us although we do not hold it: an answer of the database was lost. */
  async reconcile(worker: string): Promise<void> {
    if (this.needs.length === 0) return;
    const { dispatches } = this.parts.host.store;
    for (const dispatch of await dispatches.leasedTo(worker)) {
      if (!this.active.has(dispatch.id) && !this.heldBack.has(dispatch.id)) await dispatches.giveBack(dispatch);
    }
  }

  /** Resolves when no handler runs any more. */
  idle(): Promise<void> {
    return this.active.size === 0 ? Promise.resolve() : new Promise((resolve) => (this.onEmpty = resolve));
  }

  abandon(reason: string): void {
    this.heldBack.clear();
    for (const step of this.active.values()) step.entry.cut(reason);
    this.active.clear();
  }

  private begin(dispatch: ClaimedDispatch, facts: readonly Fact[], unread: readonly InboxRow[]): void {
    const { host } = this.parts;
    try {
      const step = new DispatchedStep(host, this, dispatch, host.catalog.ofRun(dispatch), facts, unread);
      this.active.set(dispatch.id, step);
      step.begin();
    } catch (error) {
      host.log.error('A dispatched step cannot be run by this version', {
        tenant: dispatch.tenant,
        runId: dispatch.run_id,
        error: String(error),
      });
      this.heldBack.hold(dispatch.id, dispatch);
    }
  }

  private forget(step: DispatchedStep): void {
    if (this.active.get(step.dispatch.id) === step) this.active.delete(step.dispatch.id);
    if (this.active.size === 0) this.onEmpty?.();
    this.parts.onRoom();
  }
}

function sendsTo({ graph }: HostedWorkflow, queues: readonly string[]): boolean {
  return [...graph.byPath.values()].map(queueOf).some((queue) => queue !== null && queues.includes(queue));
}
