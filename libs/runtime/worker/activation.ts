/**
 * One stretch of advancing one run under one lease: fold, decide, act, commit, and give the lease up when nothing can go on.
 *
 * Invariants. The state in memory may run ahead of the journal by facts that are in `drafts`; a handler begins only after everything
 * it was decided on is durable: in the journal, or, for a step that is entered again with the result it waited for, in the inbox, where
 * the message stays until its fact is in the journal, or, behind a timer that is over, by the instant that it was set to; unless the graph's
 * delivery modes let it stay behind (`Backlog`). At most one commit
 * is in flight (`lane`), so the journal has no gaps. When a commit is fenced or its outcome unknown, the activation is dead and drops its
 * memory: nothing is probed or assumed. Facts whose effects are rows of the same commit (a task, an event, a branch taken, the end) ride
 * along with the fact before them. It is one file because it is one loop, and what may enter its lane.
 */
import { RunStatus } from '@stepwell/contracts';
import {
  apply,
  asItFits,
  type ClaimedRun,
  type CommitOutcome,
  type Decision,
  type EndAction,
  endOfRun,
  type ExecuteAction,
  type Fact,
  type FactDraft,
  factOf,
  farewells,
  fold,
  GraphReadContext,
  type HostedWorkflow,
  type InboxRow,
  type Intent,
  isBegun,
  lostEffects,
  type OwnTransaction,
  type RunCommit,
  type RunState,
  UnknownOutcomeError,
  UnstorableError,
  whyNotNeeded,
} from '@stepwell/engine';
import { RunSpans } from '../tracing/run-spans.js';
import { Alarm } from './alarm.js';
import { Entry } from './entry.js';
import { aboutRun, type ActivationHandle, type ActivationHost, Fenced, withoutPermit } from './host.js';
import { Interceptors } from './interceptors.js';
import { Lane } from './lane.js';
import { Mailbox } from './mailbox.js';
import { mayBeginEarly } from './may-begin-early.js';
import { CONTINUE, earliest, ending, first, release } from './release.js';
import { reportsOf } from './reports.js';
import { asCommitted, runCommit } from './run-commit.js';
import { Settler } from './settler.js';
import { marked, Tidings } from './tidings.js';
import { Unwritten } from './unwritten.js';
import { findUnstorable, suspectsAmong, whatRemains } from './unstorable.js';

/** How a commit reaches the database: with everybody else's, or on a step's own transaction. */
type Via = (commit: RunCommit) => Promise<CommitOutcome>;

export class Activation implements ActivationHandle {
  readonly state: RunState;
  readonly readContext: GraphReadContext;
  readonly interceptors: Interceptors | undefined;
  private readonly tidings: Tidings | undefined;
  private readonly spans: RunSpans | undefined;
  private readonly unwritten: Unwritten;
  private inFlight: readonly FactDraft[] = [];
  private readonly mailbox: Mailbox;
  private readonly entries = new Map<string, Entry>();
  private readonly begun = new Set<string>();
  private readonly settler: Settler;
  private readonly alarm: Alarm;
  private readonly claimedAt: number;
  private readonly lane = new Lane((error) => this.die(error));
  private pumpQueued = false;
  private over = false;
  private durableSeq: number;
  private attention: number;

  constructor(
    readonly host: ActivationHost,
    readonly run: ClaimedRun,
    readonly hosted: HostedWorkflow,
    facts: readonly Fact[],
    messages: readonly InboxRow[],
    /** Of the facts before these. */
    before?: RunState,
  ) {
    this.alarm = new Alarm(host.timers);
    this.unwritten = new Unwritten(hosted.graph);
    this.state = fold(facts, before);
    this.checkLength(run.last_seq);
    [this.durableSeq, this.attention, this.claimedAt] = [run.last_seq, run.attention, run.due_at ?? 0];
    this.readContext = new GraphReadContext(hosted.graph, this.state, { tenant: run.tenant, runId: run.id, actor: run.actor });
    this.interceptors = Interceptors.of(host, run, hosted, this.state);
    this.tidings = Tidings.of(this.interceptors, this.state, (fact) => this.over || this.record(fact));
    const { state, readContext, tidings, unwritten } = this;
    const record = (draft: FactDraft) => this.record(draft);
    this.mailbox = new Mailbox({ run, journals: host.store.journals, state, tidings, unwritten, record, now: () => host.clock.now() });
    this.settler = new Settler({
      ...aboutRun(run),
      host,
      hosted,
      state,
      readContext,
      now: () => this.now(),
      held: () => this.mailbox.heldTasks,
      record,
      hasBegun: (key) => this.begun.has(key),
    });
    this.spans = RunSpans.of(host, run, hosted);
    for (const lost of lostEffects(this.state)) this.record(lost);
    this.mailbox.absorb(messages);
  }

  get openEntries(): Iterable<Entry> {
    return this.entries.values();
  }

  /** Where author code is at work. */
  get openEntryCount(): number {
    return this.entries.size + (this.tidings?.isTelling ? 1 : 0);
  }

  /** Goes on as far as possible; returns at once. Calls that come together are one. */
  pump(): void {
    if (this.pumpQueued || this.over) return;
    this.pumpQueued = true;
    this.lane.enter(this.pumped);
  }

  private readonly pumped = (): Promise<void> => {
    this.pumpQueued = false;
    return this.advance(this.byGroup);
  };

  /** Somebody may have said something to the run: reads its inbox now, not only at its next commit. */
  attend(attention: number): void {
    this.lane.enter(async () => {
      if (this.over || attention <= this.attention) return;
      await this.readInbox(attention);
      await this.advance(this.byGroup);
    });
  }

  complete(entry: Entry, facts: readonly FactDraft[]): void {
    const reason = entry.open ? whyNotNeeded(entry.action, this.state) : undefined;
    // Decided already, though the handler has not been told yet.
    if (reason !== undefined) entry.cut(reason);
    if (!entry.close()) return this.discard(entry, 'The attempt had been closed before it returned.');
    this.entries.delete(entry.action.key);
    this.begun.delete(entry.action.key);
    if (this.over) return;
    const all = entry.notes.length === 0 ? facts : [...entry.notes, ...facts];
    for (const fact of marked(all, this.tidings)) this.record(asItFits(this.state, fact));
    this.pump();
  }

  interrupt(entry: Entry, cause: UnknownOutcomeError): void {
    if (entry.open) this.die(cause);
  }

  seal(entry: Entry, facts: () => Promise<readonly FactDraft[]>, transaction: OwnTransaction): Promise<boolean> {
    return this.lane.run(async () => {
      if (this.over || !entry.open) return false;
      const sealed = marked(await facts(), this.tidings);
      if (this.over || !entry.close()) return false;
      this.entries.delete(entry.action.key);
      for (const fact of sealed) this.record(fact);
      try {
        await this.advance(async (commit) => {
          const outcome = await transaction.commitRun(commit);
          if (!outcome) return undefined;
          await transaction.commit();
          entry.sealed = true;
          return outcome;
        });
      } catch (error) {
        if (!entry.sealed && error instanceof UnstorableError) await this.undo(entry, sealed, transaction, error);
        else this.die(error);
        if (!entry.sealed && !(error instanceof UnstorableError || error instanceof Fenced))
          throw new UnknownOutcomeError('It is not known whether the transaction of the step was committed.', { cause: error });
      }
      return entry.sealed;
    });
  }

  async save(entry: Entry, fact?: FactDraft): Promise<boolean> {
    return this.lane.run(async () => {
      if (this.over || !entry.open || (!fact && this.unwritten.isEmpty)) return !this.over && entry.open;
      if (fact) this.record(fact);
      this.unwritten.isAwaited = true;
      await this.advance(this.byGroup).catch((error: unknown) => this.die(error));
      return entry.open || !entry.signal.aborted;
    });
  }

  /** Writes down what long attempts are doing. Called about once a second. */
  report(now: number, longerThanMs: number): void {
    const facts = reportsOf(this.entries.values(), now, longerThanMs);
    for (const fact of facts) this.record(fact);
    if (facts.length > 0) this.pump();
  }

  /** The worker stops: what runs may finish, nothing else begins. */
  drain(): void {
    this.lane.enter(() => Promise.resolve(this.leaveWhenIdle()));
  }

  private leaveWhenIdle(): void {
    if (this.over || this.entries.size > 0 || !this.unwritten.isEmpty) return;
    this.abandon('The worker stops.');
    this.host.ended(this);
  }

  /** Drops everything but late results, which were to go with the next commit: for an end, and a worker that stops or has lost its leases. */
  abandon(reason: string): void {
    this.over = true;
    this.alarm.clear();
    for (const entry of this.entries.values()) entry.cut(reason);
    this.entries.clear();
    for (const draft of this.unwritten.drafts) if (draft.type === 'attempt.discarded') this.host.discarded(this, draft);
  }

  /** Another worker has the run: nothing of this activation will be kept. */
  fence(): void {
    this.die(new Fenced(this.run.id));
  }

  /** What the run has done is not written, and need not be before it goes on. */
  get isBehind(): boolean {
    return this.unwritten.mayStay;
  }

  private async advance(first: Via): Promise<void> {
    let via = first;
    // What it is over for may have come while this waited for its turn; its fold may be another activation's by now.
    while (!this.over) {
      // Before the decision, which is not to wait for what was taken back.
      if (this.mailbox.isDue) await this.mailbox.read();
      const settling = this.settler.settle(via === this.byGroup);
      const decision = settling instanceof Promise ? await settling : settling;
      if (this.over) return;
      // A handler has returned while the decision was on its way here: by an old one the run would wait for nothing, for ever.
      if (decision.lastSeq !== this.state.lastSeq) continue;
      if (this.tidings?.hasSignals && (await this.tidings.tellSignals())) continue;
      this.cutCanceled();
      const end = decision.actions.find((action): action is EndAction => action.type === 'end');
      if (this.run.only_ends && !end) {
        if (!this.state.ending || this.unwritten.isEmpty) throw withoutPermit(this.run.id, this.state.ending !== undefined);
        await this.commit(CONTINUE, this.byGroup);
        continue;
      }
      if (end && (await this.mailbox.leaveHeld())) continue;
      const toStart = this.toStart(decision);
      const news = this.tidings?.next(end);
      if (news && this.unwritten.isEmpty && (await news())) continue;
      const intent = news ? CONTINUE : this.intent(decision, end, toStart);
      const mayGoOn = this.unwritten.isEmpty || (this.isBehind && !decision.isUnsettled && via === this.byGroup && !this.host.isStopping);
      if (intent.kind === 'continue' && mayGoOn && !news) return this.begin(toStart, decision);
      if (!this.host.isStopping && !this.unwritten.isAwaited && mayBeginEarly(toStart, this.unwritten.drafts)) {
        this.begin(toStart, decision);
        // A handler that returns at once has its output in the same commit as the facts before it.
        setImmediate(() => this.pump());
        return;
      }
      const outcome = await this.commit(intent, via);
      via = this.byGroup;
      if (this.over) return;
      if (outcome === 'refused') continue;
      if (outcome.status !== RunStatus.running) return this.finish(intent);
      if (outcome.attention !== this.attention) await this.readInbox(outcome.attention);
      else if (!decision.isUnsettled && !news) return this.begin(toStart, decision);
    }
  }

  private toStart({ actions, isUnsettled }: Decision): ExecuteAction[] {
    const all = actions.filter((one): one is ExecuteAction => one.type === 'execute' && !isUnsettled && !this.begun.has(one.key));
    return this.host.isIsolated ? all.slice(0, Math.max(0, 1 - this.entries.size)) : all;
  }

  /** Ends the attempts that nobody needs any more; what they still return is discarded. */
  private cutCanceled(): void {
    if (this.entries.size === 0) return;
    for (const [key, entry] of this.entries) {
      const reason = whyNotNeeded(entry.action, this.state);
      if (reason !== undefined && this.entries.delete(key)) entry.cut(reason);
    }
  }

  private intent(decision: Decision, end: EndAction | undefined, toStart: readonly ExecuteAction[]): Intent {
    if (end) {
      // Not applied to the state: the database may withhold it.
      this.unwritten.add(endOfRun(end, farewells(end, this.state, this.run)));
      return ending(end, this.state);
    }
    return this.entries.size > 0 || toStart.length > 0 || decision.isUnsettled
      ? CONTINUE
      : release(decision, this.state, this.mailbox.storedDueAt);
  }

  private async commit(intent: Intent, via: Via): Promise<NonNullable<CommitOutcome> | 'refused'> {
    const { drafts, consumed } = this.unwritten.take();
    this.inFlight = drafts;
    const { tenant, id: runId, epoch, workflow, version } = this.run;
    const header = { tenant, runId, epoch, workflow, version, lastSeq: this.durableSeq, attention: this.attention };
    const commit = runCommit(header, drafts, consumed, intent);
    let outcome: CommitOutcome;
    try {
      outcome = await this.host.ownStarts.commit(commit, via);
    } catch (error) {
      if (via !== this.byGroup || !(error instanceof UnstorableError)) throw error;
      await this.recover(error);
      return 'refused';
    }
    if (!outcome) throw new Fenced(runId);
    const kept = asCommitted(commit, outcome.status);
    this.durableSeq += kept.facts.length;
    this.host.committed(kept);
    this.spans?.committed(drafts, kept);
    return outcome;
  }

  private finish(intent: Intent): void {
    this.abandon('The run has ended.');
    if (intent.kind !== 'release') return this.host.ended(this);
    const { state, attention, mailbox } = this;
    const fold = state.lastSeq === this.durableSeq ? { state, attention: mailbox.hasHeld ? null : attention } : undefined;
    this.host.released(this, intent.dueAt, fold);
  }

  private begin(actions: readonly ExecuteAction[], decision: Decision): void {
    // What was written down as begun begins.
    const may = this.host.isStopping ? actions.filter((action) => isBegun(action, this.state)) : actions;
    if (this.host.isStopping && may.length === 0) return this.leaveWhenIdle();
    for (const action of may) {
      this.begun.add(action.key);
      const entry = new Entry(action, this.host.clock.now(), this.host.timers);
      this.entries.set(action.key, entry);
      this.host.execute(this, entry);
    }
    const dueAt = first(earliest(decision), this.mailbox.dueAt);
    if (dueAt === undefined) this.alarm.clear();
    else this.alarm.set(dueAt - this.now(), () => this.pump());
  }

  private record(draft: FactDraft): void {
    this.spans?.note(draft, this.state);
    apply(this.state, factOf(draft, this.state.lastSeq + 1, this.now()));
    this.unwritten.add(draft);
  }

  private readInbox(attention: number): Promise<void> {
    this.attention = attention;
    return this.mailbox.read();
  }

  /**
   * The database cannot store something of the commit in flight: back to what is durable, then the same again without the culprits.
   *
   * @param lost what was rolled back with a step's own transaction, whoever is to blame
   */
  private async recover(error: UnstorableError, lost: readonly FactDraft[] = []): Promise<void> {
    const refused = this.inFlight;
    const found = await findUnstorable(this.host.store.journals, refused);
    const own = refused.filter((draft) => !this.mailbox.gave(draft));
    const blamed = lost.length > 0 ? lost : suspectsAmong(own, error);
    if (found.size + blamed.length === 0) throw error;
    const culprits = found.size > 0 ? found : new Map(blamed.map((draft) => [draft, error.message]));
    const facts = (await this.host.store.journals.read([this.run])).get(this.run.id) ?? [];
    const again = [...refused, ...this.unwritten.take().drafts];
    Object.assign(this.state, fold(facts));
    this.checkLength(this.durableSeq);
    await this.readInbox(this.attention);
    for (const draft of again) {
      const kept = whatRemains(draft, culprits.get(draft), this.mailbox.gave(draft) || lost.includes(draft));
      if (kept) this.record(asItFits(this.state, kept));
    }
  }

  /** As `recover`, for a seal: its transaction has to let go of the run first, and an innocent step of it runs again. */
  private async undo(entry: Entry, sealed: readonly FactDraft[], transaction: OwnTransaction, error: UnstorableError): Promise<void> {
    entry.judged = true;
    try {
      await transaction.rollback();
      await this.recover(error, sealed);
      this.begun.delete(entry.action.key);
      await this.advance(this.byGroup);
    } catch (cause) {
      this.die(cause);
    }
  }

  private checkLength(expected: number): void {
    const { lastSeq } = this.state;
    if (lastSeq !== expected) throw new Error(`Run ${this.run.id}: the journal ends at fact ${lastSeq}, the run row says ${expected}.`);
  }

  /** A run claimed for a timer is past it, whatever this machine's clock says; else it would be given up and claimed for ever. */
  private now(): number {
    return Math.max(this.host.clock.now(), this.claimedAt);
  }

  private discard(entry: Entry, reason: string): void {
    const { node, iteration, attempt } = entry.action;
    const draft = { type: 'attempt.discarded', path: node.path, iteration, attempt, payload: { reason } };
    this.host.log.warn('A closed attempt came back; its result is discarded', { ...aboutRun(this.run), path: node.path, attempt });
    if (this.over) return this.host.discarded(this, draft);
    this.record(draft);
    this.pump();
  }

  private readonly byGroup: Via = (commit) => this.host.store.committer.commit(commit);

  private die(error: unknown): void {
    if (this.over) return;
    this.abandon(error instanceof Fenced ? error.message : 'The outcome of a commit is not known.');
    this.host.died(this, error);
  }
}
