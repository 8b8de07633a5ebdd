/**
 * The worker: claims runs, holds their activations, keeps its lease alive, and gives the runs of dead workers back.
 *
 * Wake-ups only say "look": what there is to do is always asked of the database. It does nothing per idle second but a heartbeat and a
 * sweep every few seconds; a timer of its own wakes it for the next due run. When others have taken it for dead it drops everything it
 * holds (nothing of it could be committed any more), says that it lives, and goes on as a new incarnation.
 *
 * Beat, sweep, take-over and drain share the incarnation; every duty with a state of its own has a file.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Claimant,
  type ClaimedRun,
  type Clock,
  type Fact,
  type FactDraft,
  type InboxRow,
  inIsolation,
  type RunCommit,
  type RunState,
  type Secrets,
  type Timers,
  type WorkerStore,
  type WorkflowCatalog,
} from '@stepwell/engine';
import type { AsyncResultIds } from '../runs/async-result-ids.js';
import type { CheckpointTexts } from '../runs/checkpoint-text.js';
import type { Tracing } from '../tracing/tracing.js';
import { Activation } from './activation.js';
import { ActiveRuns } from './active-runs.js';
import { Arrivals } from './arrivals.js';
import { CLAIM_LIMIT, ClaimLoop } from './claim-loop.js';
import { Claims } from './claims.js';
import { DispatchRunner } from './dispatch-runner.js';
import { DueTimer } from './due-timer.js';
import type { Entry } from './entry.js';
import { execute } from './execute.js';
import { HeldBack } from './held-back.js';
import { HostedCaps, PERMITS_EVERY_MS } from './hosted-caps.js';
import { type ActivationHandle, type ActivationHost, type Entrance, Fenced, type Handlers, NeedsPermit, type WorkerLog } from './host.js';
import { tellLateResult } from './late-result.js';
import { type KeptFold, KeptFolds } from './kept-folds.js';
import { Lease } from './lease.js';
import { LookOut } from './look-out.js';
import { OwnStarts } from './own-starts.js';
import { StalledTransactions } from './stalled-transactions.js';
import { Strays, takeOverAll } from './strays.js';
import { SYSTEM_TIMERS } from './system-timers.js';
import { BEATS_PER_LEASE, WORKER_DEFAULTS, type WorkerOptions } from './worker-options.js';
import type { WorkerParts } from './worker-parts.js';

/** A timer that is overdue and was not claimed is another worker's, or waits for room: nothing to hurry for. */
const OVERDUE_PAUSE_MS = 500;

export class Worker implements ActivationHost {
  readonly name = `${hostname()}/${process.pid}`;
  readonly store: WorkerStore;
  readonly handlers: Handlers;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly asyncResultIds: AsyncResultIds;
  readonly checkpoints: CheckpointTexts;
  readonly log: WorkerLog;
  readonly tracing: Tracing | undefined;
  readonly transactionIdleMs: number;
  readonly stalls = new StalledTransactions();
  readonly roomForEmitter: ActivationHost['roomForEmitter'];
  readonly catalog: WorkflowCatalog;
  readonly arrivals: Arrivals;
  readonly ownStarts: OwnStarts;
  private readonly active: ActiveRuns;
  private readonly dispatches: DispatchRunner;
  private readonly heldBack: HeldBack<ClaimedRun>;
  private readonly caps: HostedCaps;
  private readonly claims: Claims;
  private readonly claiming: ClaimLoop;
  private readonly kept: KeptFolds;
  private readonly strays: Strays;
  private readonly lookOut: LookOut;
  private readonly dueTimer: DueTimer;
  /** What it claims by: `ordinary` or, in isolation, `inIsolation`. */
  private readonly needs: { readonly ordinary: readonly string[]; readonly inIsolation: readonly string[] };
  private id: string = randomUUID();
  private running = false;
  /** Handlers that run may finish; no further one begins. */
  isStopping = false;
  private stopListening: (() => Promise<void>) | undefined;
  private readonly duties: (() => void)[] = [];
  /** A timer has rung: when the next one is due has to be asked. */
  private hasRung = false;
  private readonly lease: Lease;

  constructor(
    private readonly parts: WorkerParts,
    readonly options: WorkerOptions = WORKER_DEFAULTS,
  ) {
    ({ store: this.store, catalog: this.catalog, handlers: this.handlers, clock: this.clock, log: this.log } = parts);
    ({ asyncResultIds: this.asyncResultIds, checkpoints: this.checkpoints, tracing: this.tracing } = parts);
    this.secrets = parts.secrets ?? { get: () => Promise.resolve(undefined) };
    this.timers = parts.timers ?? SYSTEM_TIMERS;
    this.random = parts.random ?? Math.random;
    this.roomForEmitter = parts.roomForEmitter ?? (() => Promise.resolve());
    this.transactionIdleMs = Math.ceil((options.leaseMs * 2) / 3);
    this.lease = new Lease(options.leaseMs, () => this.timers.steadyNow());
    const ordinary = parts.catalog.served().map((hosted) => hosted.needs);
    this.needs = { ordinary, inIsolation: ordinary.map(inIsolation) };
    const [{ catalog, wakeUps }, { runs }] = [parts, this.store];
    this.caps = new HostedCaps(runs, catalog, parts.log);
    this.claims = new Claims(runs, options.queues, options.isIsolated ? this.needs.inIsolation : ordinary, this.caps);
    this.kept = new KeptFolds(options.keepFoldsFrom, options.keepShortFolds);
    this.active = new ActiveRuns(runs, options.maxActive, () => this.look());
    this.arrivals = new Arrivals({
      store: this.store,
      active: this.active,
      claimant: (tenant) => this.claimant(tenant),
      noteQueued: (tenant) => this.claims.noteQueued(tenant),
      isRunning: () => this.running,
      kept: this.kept,
      activate: (run, facts, messages, fold) => this.activate(run, facts, messages, fold),
      wake: (queue) => wakeUps.wake([queue]),
      suspect: () => this.strays.suspect(),
    });
    this.ownStarts = new OwnStarts({ worker: this, active: this.active, maxActive: options.maxActive, wakeUps });
    this.heldBack = new HeldBack(
      (run) => runs.giveBack(run),
      () => this.onGivenBack(),
      this.timers,
    );
    this.dispatches = new DispatchRunner({
      host: this,
      catalog,
      queues: options.queues,
      needsOf: ({ needs }) => (options.isIsolated ? inIsolation(needs) : needs),
      wake: (queue) => wakeUps.wake([queue]),
      look: () => this.look(),
      onRoom: () => {
        if (this.claiming.hasBacklog || this.dispatches.mayBeMore) this.look();
      },
    });
    const { active, heldBack, dispatches, timers } = this;
    this.strays = new Strays({ runs, active, heldBack, dispatches, timers });
    this.lookOut = new LookOut({
      lookOnce: () => this.lookOnce(),
      onError: (error) => this.onLookFailed(error),
      isListening: () => wakeUps.isListening,
      busyPollMs: options.busyPollMs,
      timers: this.timers,
    });
    this.claiming = new ClaimLoop({
      claims: this.claims,
      journals: this.store.journals,
      active: this.active,
      kept: this.kept,
      incarnation: () => (this.running ? this.id : null),
      room: () => this.room,
      activate: (run, facts, messages, fold) => this.activate(run, facts, messages, fold),
      lookSoon: () => this.lookOut.lookSoon(),
    });
    this.dueTimer = new DueTimer(options.sweepMs, () => this.onDue(), this.timers);
  }

  /** This incarnation, as runs carry it. */
  get incarnation(): string {
    return this.id;
  }

  get isIsolated(): boolean {
    return this.options.isIsolated;
  }

  get activeRuns(): number {
    return this.active.size;
  }

  /** How many handlers run now. */
  get handlersAtWork(): number {
    return this.active.openEntries + this.dispatches.size;
  }

  async start(): Promise<void> {
    const { queues, leaseMs, sweepMs, reportMs } = this.options;
    await this.caps.register();
    await this.register();
    // Before anything is claimed: the shares of tenants hold from the first run on.
    await this.askNextDue();
    this.running = true;
    this.stopListening = await this.parts.wakeUps.listen(queues, () => this.onHint());
    // With the second try of one that failed no heartbeat is missing: see lease.ts.
    this.every(leaseMs / BEATS_PER_LEASE, () => this.beat(), leaseMs / BEATS_PER_LEASE / 4);
    this.every(sweepMs, () => this.sweep());
    this.every(reportMs, () => this.report());
    if (this.caps.areThere) this.every(PERMITS_EVERY_MS, () => this.caps.sweep());
    this.lookOut.start();
    await this.sweep();
  }

  /** Stops claiming, lets the handlers that run now finish, and gives back what has not ended; nothing durable is lost. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    this.isStopping = true;
    this.dueTimer.clear();
    await this.stopListening?.();
    await this.lookOut.stop();
    const drained = Promise.all([this.active.drain(), this.dispatches.idle()]);
    await Promise.race([drained, pause(this.options.drainMs, undefined, { ref: false })]);
    for (const end of this.duties) end();
    this.abandon('The worker stops.');
    await this.store.workers.end(this.id);
    await this.takeOver(null);
  }

  /** Asks the database for work, now or right after the look that is under way. */
  look(): void {
    if (!this.running || !this.lease.isSure) return;
    this.lookOut.look();
  }

  serves(queue: string): boolean {
    return this.options.queues.includes(queue);
  }

  /**
   * Begins an entry, under a lease that is sure. A process that was frozen (a starved machine, a suspended laptop) comes back with work in
   * its hands that others may have finished meanwhile; the fence would discard the result, but the handler would have run again.
   */
  execute(activation: ActivationHandle, entry: Entry): void {
    if (!this.lease.isSure) throw new Error('The lease may have been lost; nothing begins until the next heartbeat.');
    execute(activation, entry);
  }

  entering(entrance: Entrance): void {
    this.parts.onEntering?.({ ...entrance, worker: this.id });
  }

  committed(commit: RunCommit): void {
    if (commit.events.length + commit.waits.length + commit.messages.length + (commit.escalations?.length ?? 0) > 0)
      this.parts.wakeUps.wake(['events']);
    if (commit.dispatches.length > 0) this.parts.wakeUps.wake(commit.dispatches.map((dispatch) => dispatch.queue));
    this.parts.onCommitted(commit);
  }

  released(activation: ActivationHandle, dueAt: number | null, fold: KeptFold | undefined): void {
    this.ended(activation);
    if (fold) this.kept.keep(activation.run, fold);
    if (dueAt !== null && this.running) this.dueTimer.expect(dueAt - this.clock.now());
  }

  ended(activation: ActivationHandle): void {
    const { tenant, id, workflow, queue } = activation.run;
    this.active.remove(activation);
    this.heldBack.forget(id);
    // Its permit is free: the next run in the queue may be anybody's.
    if (this.caps.hasCap(workflow) || this.claims.isLimited(tenant)) this.parts.wakeUps.wake([queue]);
  }

  died(activation: ActivationHandle, why: unknown): void {
    const { tenant, id } = activation.run;
    this.active.remove(activation);
    const error = why instanceof Error ? (why.stack ?? why.message) : String(why);
    if (!(why instanceof NeedsPermit)) this.log.warn('A run was dropped and will be claimed again', { tenant, runId: id, error });
    if (why instanceof Fenced || why instanceof NeedsPermit) this.heldBack.forget(id);
    this.heldBack.hold(id, activation.run);
  }

  discarded({ run }: ActivationHandle, fact: FactDraft): void {
    tellLateResult(this.store.journals, this.parts.wakeUps, run, fact).catch((error: unknown) =>
      this.log.warn('A discarded attempt could not be recorded', { tenant: run.tenant, runId: run.id, error: String(error) }),
    );
  }

  private onHint(): void {
    this.look();
    this.claiming.claimBeside();
  }

  private onDue(): void {
    this.hasRung = true;
    this.look();
  }

  /** Only now is it known what its last commit has started here: who gives a run back waits for a commit that is still under way. */
  private onGivenBack(): void {
    this.strays.suspect();
    this.look();
  }

  private async lookOnce(): Promise<number> {
    await this.strays.giveBack(this.id);
    void this.watch();
    const found = (await this.claiming.claimAll()) + (await this.dispatches.claim(this.id, Math.min(this.room, CLAIM_LIMIT)));
    if (this.hasRung) {
      this.hasRung = false;
      await this.askNextDue();
    }
    if (found + this.active.size + this.dispatches.size === 0 && !this.claiming.hasBacklog) this.parts.onIdle?.();
    return found;
  }

  /** Who has room may take what comes, of a tenant that has nothing queued. */
  private claimant(tenant: string): Claimant | null {
    const mayTake = this.running && !this.isIsolated && this.lease.isSure;
    const takes = mayTake && this.claims.isNext(tenant, this.claiming.hasBacklog) && this.active.hasRoomFor(tenant);
    if (!takes) this.claims.noteQueued(tenant);
    return takes ? { worker: this.id, queues: this.options.queues, needs: this.needs.ordinary } : null;
  }

  private get room(): number {
    return this.active.room - this.dispatches.size;
  }

  private activate(run: ClaimedRun, facts: readonly Fact[], messages: readonly InboxRow[], fold: RunState | undefined): void {
    try {
      const activation = new Activation(this, run, this.catalog.ofRun(run), facts, messages, fold);
      this.active.add(activation);
      activation.pump();
    } catch (error) {
      this.log.error('A run cannot be advanced by this version', { tenant: run.tenant, runId: run.id, error: String(error) });
      this.heldBack.hold(run.id, run);
    }
  }

  private onLookFailed(error: unknown): void {
    this.strays.suspect();
    this.log.error('Claiming runs failed; the next sweep tries again', { error: String(error) });
  }

  private async register(): Promise<void> {
    const { roles, queues, leaseMs } = this.options;
    const sentAt = this.timers.steadyNow();
    const row = { id: this.id, host: hostname(), pid: process.pid, roles, queues, hosts: this.needs.ordinary };
    const { now, others, heardForMs } = await this.store.workers.register(row, leaseMs);
    this.ownStarts.others = others;
    this.clock.observe(now, sentAt, this.timers.steadyNow());
    this.lease.renewed(sentAt, heardForMs);
  }

  private async beat(): Promise<void> {
    const [sentAt, { isSure: wasSure }] = [this.timers.steadyNow(), this.lease];
    const beat = await this.store.workers.beat(this.id, this.options.leaseMs);
    if (beat) {
      this.ownStarts.others = beat.others;
      this.clock.observe(beat.now, sentAt, this.timers.steadyNow());
      this.lease.renewed(sentAt, beat.heardForMs);
      // What was said meanwhile has not been looked for.
      if (!wasSure) this.look();
      // The runs of whoever has died are not kept waiting for the next sweep.
      if (beat.isOneSilent && this.lease.mayJudge) await this.sweep();
      return;
    }
    this.log.error('Other workers took this one for dead; it drops its runs and begins anew', { worker: this.id });
    this.abandon('The lease was lost.');
    await this.store.workers.forgive(this.id);
    this.id = randomUUID();
    await this.register();
    this.look();
  }

  private abandon(reason: string): void {
    this.active.abandon(reason);
    this.dispatches.abandon(reason);
    this.heldBack.clear();
  }

  private async sweep(): Promise<void> {
    await this.takeOver(this.lease.mayJudge ? this.id : null);
    await this.askNextDue();
    this.heldBack.purge();
    this.look();
  }

  private takeOver(judge: string | null): Promise<void> {
    return takeOverAll(this.store.workers, CLAIM_LIMIT, judge, this.parts.wakeUps);
  }

  private async askNextDue(): Promise<void> {
    const { inMs, hasSuspects, shares } = await this.store.runs.nextDue(this.options.queues, this.needs);
    this.claims.heed(shares);
    if (inMs !== undefined && this.running) this.dueTimer.expect(inMs > 0 ? inMs : OVERDUE_PAUSE_MS);
    if (hasSuspects) this.parts.onSuspects?.();
  }

  private async report(): Promise<void> {
    this.active.report(this.clock.now(), this.options.reportMs);
    await this.watch();
  }

  private async watch(): Promise<void> {
    const now = this.clock.now();
    try {
      await this.active.watch(now, this.options.reportMs);
      await this.dispatches.watch(now, this.options.reportMs);
    } catch (error) {
      this.log.debug('Long attempts could not be looked after; that is tried again', { error: String(error) });
    }
  }

  /** @param againMs after which what failed is tried once more, before its next turn */
  private every(ms: number, work: () => Promise<void>, againMs?: number): void {
    const onError = (error: unknown) => this.log.warn('A periodic duty of the worker failed; it is tried again', { error: String(error) });
    const again = () => this.running && void work().catch(onError);
    const turn = () =>
      work().catch((error: unknown) => {
        onError(error);
        if (againMs !== undefined) this.timers.after(againMs, again);
      });
    this.duties.push(this.timers.every(ms, () => void turn()));
  }
}
