/** What a handler holds while it runs. */
import { type Actor, findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import { type EventDraft, type NodesToInject, type RunReader, type StepFault } from '@stepwell/engine';
import {
  type AsyncResultHandle,
  type CaughtError,
  type ChildResultPage,
  type ChildResultRange,
  type DurationText,
  type Event,
  type InjectedNode,
  type InjectOptions,
  parseDuration,
  type ReadContext,
  type StepContext,
  type StepLogger,
  type StepNode,
  type StepSession,
  SUSPENSION,
  type Suspension,
} from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import type { EntityManager } from 'typeorm';
import { defaultKeyOf } from './default-key.js';
import type { Entry } from './entry.js';
import type { ActivationHandle } from './host.js';
import { checkedOutput, outputToStore } from './checked-output.js';
import { childResults } from './child-results.js';
import { nodesToInject, notHere } from './inject-nodes.js';
import { sealStep } from './seal-step.js';
import { stepCompleted } from './step-completed.js';
import type { Surroundings } from './step-surroundings.js';
import { WorkerSession } from './worker-session.js';
import { storableText } from './storable-text.js';

/** A note is one line beside a progress bar. */
const MAX_NOTE = 200;

const KEY_OR_TRANSACTION =
  'its idempotency keeps the output for other runs, which ctx.transaction cannot do. Leave one of them out: a table can have a unique key.';

const WITH_TRANSACTION = 'a step with ctx.transaction';

export class WorkerStepContext implements StepContext<never, unknown> {
  declare readonly tenant: string;
  declare readonly runId: string;
  readonly stepId: string;
  /** Not for authors: which turn of the loops around it this is. */
  readonly iteration: string;
  readonly attempt: number;
  declare readonly actor: Actor | null;
  readonly emitted: EventDraft[] = [];
  readonly injected: NodesToInject[] = [];
  readonly resultOf: ReadContext<never>['resultOf'];
  readonly maybeResultOf: ReadContext<never>['maybeResultOf'];
  readonly answerOf: ReadContext<never>['answerOf'];
  readonly maybeAnswerOf: ReadContext<never>['maybeAnswerOf'];
  readonly taskOf: ReadContext<never>['taskOf'];
  readonly itemOf: ReadContext<never>['itemOf'];
  readonly previousOf: ReadContext<never>['previousOf'];
  readonly lastSignal: ReadContext<never>['lastSignal'];
  readonly config: Readonly<Record<string, Json>>;
  // Nothing that leads to what the step is denied can be reached from here.
  readonly #activation: ActivationHandle;
  readonly #entry: Entry;
  readonly #read: RunReader;
  #session: WorkerSession | undefined;
  /** The transaction that was opened, until it has ended either way. */
  sealing: Promise<unknown> | undefined;
  private hasTransacted = false;

  /** @param surroundings left out for what may read all of its run, and has no settings */
  constructor(
    activation: ActivationHandle,
    entry: Entry,
    readonly params: unknown,
    surroundings?: Surroundings,
  ) {
    const { node, iteration, attempt } = entry.action;
    const read = surroundings?.read ?? activation.readContext.at(node, iteration);
    this.#activation = activation;
    this.#entry = entry;
    this.#read = read;
    this.config = surroundings?.config.values ?? {};
    if ('runId' in read) [this.tenant, this.runId] = [read.tenant, read.runId];
    if ('actor' in read) this.actor = read.actor;
    this.stepId = node.id;
    this.iteration = iteration;
    this.attempt = attempt;
    this.resultOf = read.resultOf;
    this.maybeResultOf = read.maybeResultOf;
    this.answerOf = read.answerOf;
    this.maybeAnswerOf = read.maybeAnswerOf;
    this.taskOf = read.taskOf;
    this.itemOf = read.itemOf;
    this.previousOf = read.previousOf;
    this.lastSignal = read.lastSignal;
  }

  get input(): never {
    return this.#read.input;
  }

  /** What the step has failed of, for what stands in for it. */
  get failure(): StepFault | undefined {
    const { node, iteration } = this.#entry.action;
    return this.#activation.state.nodes.get(node.path, iteration)?.fault;
  }

  get item(): unknown {
    return this.#read.item;
  }

  get error(): CaughtError {
    return this.#read.error;
  }

  get maybeError(): CaughtError | undefined {
    return this.#read.maybeError;
  }

  get index(): number {
    return this.#read.index;
  }

  get isResumed(): boolean {
    return this.#entry.action.resumed !== undefined;
  }

  get resumeData(): Json | undefined {
    return this.#entry.action.resumed?.data;
  }

  get signal(): AbortSignal {
    return this.#entry.signal;
  }

  /** That of the author, where there is one; what stands in has its own. */
  get idempotencyKey(): string {
    const { node, iteration, standIn } = this.#entry.action;
    const { key } = this.#activation.state.nodes.get(node.path, iteration) ?? {};
    return key !== undefined && (standIn === undefined || standIn === 'verify') ? key : defaultKeyOf(this.#activation, this.#entry.action);
  }

  /** Of the first entry of an attempt, and of each after a suspension of it: the same in every attempt. */
  private get entryKey(): string {
    const { node, iteration, resumed } = this.#entry.action;
    const times = resumed && this.#activation.state.nodes.get(node.path, iteration)?.suspendedIn?.times;
    return times === undefined ? this.idempotencyKey : `${this.idempotencyKey}:resumed ${times}`;
  }

  /** Whose line it is, nothing that the author says can change. */
  get logger(): StepLogger {
    const { host, run } = this.#activation;
    const { shield } = this.#entry;
    const about = { tenant: run.tenant, runId: run.id, stepId: this.stepId, attempt: this.attempt };
    const at =
      (level: keyof StepLogger): StepLogger['info'] =>
      (message, fields) =>
        host.log[level](shield.text(message), { ...shield.fields(fields), ...about });
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  createAsyncResult(): Promise<AsyncResultHandle> {
    this.refuseInTransaction('createAsyncResult');
    return Promise.resolve(this.#activation.host.asyncResultIds.create(this.#activation.run.tenant, this.#activation.run.id));
  }

  resumeWhenComplete(asyncResultId: string, options: { timeout?: DurationText } = {}): Suspension {
    this.refuseInTransaction('resumeWhenComplete');
    const where = `Step "${this.stepId}", resumeWhenComplete`;
    if (this.#activation.host.asyncResultIds.runIdOf(asyncResultId) !== this.#activation.run.id)
      throw new StepwellError('OPTION_INVALID', { where, reason: 'wait for an id that ctx.createAsyncResult() gave in this run.' });
    const timeoutMs = options.timeout === undefined ? null : parseDuration(options.timeout, where);
    return { [SUSPENSION]: true, asyncResultId, timeoutMs };
  }

  suspend(options: { for: DurationText }): Suspension {
    this.refuseInTransaction('suspend');
    return { [SUSPENSION]: true, asyncResultId: null, timeoutMs: parseDuration(options.for, `Step "${this.stepId}", suspend`) };
  }

  async childResults<T>(id: string, range: ChildResultRange = {}): Promise<ChildResultPage<T>> {
    if (this.sealing) throw new StepwellError('NOT_IN_TRANSACTION', { call: 'childResults' });
    // Where the step may not read the node's result, it may not read those of its runs.
    this.#read.maybeResultOf(id);
    return childResults<T>(this.#activation, this.#entry.action, id, range);
  }

  emit<E>(event: Event<E>, payload: E, options: { idempotencyKey?: string } = {}): void {
    if (this.#entry.sealed) throw new StepwellError('TRANSACTION_ENDED_ATTEMPT', { call: 'emit' });
    if (this.isVerifying) throw this.notInVerify('emit');
    const idempotencyKey = options.idempotencyKey ?? null;
    const bad = findNonJson(payload ?? null) ?? findNonJson(idempotencyKey, 'idempotencyKey');
    if (bad) throw new StepwellError('OUTPUT_NOT_JSON', { id: `${this.stepId} → ${event.name}`, path: bad.path, reason: bad.reason });
    this.emitted.push({
      id: uuidV7(),
      name: event.name,
      payload: JSON.parse(JSON.stringify(payload ?? null)) as Json,
      idempotencyKey,
      path: this.#entry.action.node.path,
    });
  }

  /** Whether or not the handler awaits it, no rejection of it goes unheard. */
  inject(nodes: readonly InjectedNode[], options: InjectOptions = {}): Promise<void> {
    const injecting = this.injects(nodes, options);
    injecting.catch(() => undefined);
    return injecting;
  }

  private async injects(nodes: readonly InjectedNode[], options: InjectOptions): Promise<void> {
    this.refuseInTransaction('inject');
    if (this.hasTransacted) throw notHere(this.#entry.action.node, WITH_TRANSACTION);
    const checked = await nodesToInject(this.#activation, this.#entry, nodes, options, this.injected);
    if (checked.nodes.length > 0) this.injected.push(checked);
  }

  /** Not an async method: whether or not the handler awaits it, no rejection of it goes unheard. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const refusal = this.refusalOf('transaction') ?? (this.hasTransacted ? new StepwellError('TRANSACTION_TWICE') : undefined);
    if (refusal) return Promise.reject(refusal);
    const { policy } = this.#entry.action.node.definition as StepNode;
    if (policy.idempotency)
      return Promise.reject(new StepwellError('OPTION_INVALID', { where: `Step "${this.stepId}"`, reason: KEY_OR_TRANSACTION }));
    if (this.injected.length > 0) return Promise.reject(notHere(this.#entry.action.node, WITH_TRANSACTION));
    this.hasTransacted = true;
    const emittedBefore = this.emitted.length;
    const { node, iteration, attempt } = this.#entry.action;
    // The author's last statement is a while ago, and the transaction idles on while interceptors are waited for.
    const withinMs = this.#activation.host.transactionIdleMs / 2;
    const sealed = sealStep(this.#activation, this.#entry, work, async (result) => {
      const output = await outputToStore(this.#activation, this.#entry, result, policy.output, withinMs);
      return stepCompleted({ path: node.path, iteration, attempt }, this.#entry, output, this.emitted);
    });
    const end = () => {
      this.sealing = undefined;
      // What was emitted inside rolled back with it.
      if (!this.#entry.sealed) this.emitted.length = emittedBefore;
    };
    this.sealing = sealed;
    sealed.then(end, end);
    return sealed;
  }

  get session(): StepSession | undefined {
    const { host, run, state } = this.#activation;
    const { node } = this.#entry.action;
    const access = node.definition.kind === 'step' ? node.definition.policy.access : null;
    if (state.session === undefined || (access && !access.items)) return undefined;
    return (this.#session ??= new WorkerSession(state.session, {
      ...{ store: host.store.sessions, tenant: run.tenant, stepId: this.stepId, entryKey: this.entryKey, signal: this.signal },
      catchUp: () => this.#activation.save(this.#entry),
      refuseHere: (call) => this.refuseInTransaction(call),
      check: (data) => this.#entry.shield.check(data, `What step "${node.id}" shares`),
    }));
  }

  heartbeat(): void {
    this.#entry.beat();
  }

  /** Whether or not the handler awaits it, no rejection of it goes unheard. */
  saveCheckpoint(value: unknown): Promise<void> {
    const saved = this.save(value);
    saved.catch(() => undefined);
    return saved;
  }

  loadCheckpoint<T>(): T | undefined {
    const { node, iteration } = this.#entry.action;
    return this.#activation.state.saved.get(node.path, iteration) as T | undefined;
  }

  private async save(value: unknown): Promise<void> {
    this.refuseInTransaction('saveCheckpoint');
    const { node, iteration, attempt, standIn } = this.#entry.action;
    if (standIn) throw new StepwellError('OPTION_INVALID', { where: `Step "${node.id}"`, reason: 'what stands in for it saves nothing.' });
    const saved = await checkedOutput(node.id, value, null);
    this.#entry.shield.check(saved, `What step "${node.id}" saves`);
    this.#entry.beat();
    const fact = { type: 'checkpoint.saved', path: node.path, iteration, attempt, payload: { value: saved } };
    if (await this.#activation.save(this.#entry, fact)) return;
    this.signal.throwIfAborted();
    throw new Error('The attempt was over before its checkpoint was saved.');
  }

  progress(done: number, total: number, note?: string): void {
    this.refuseInTransaction('progress');
    this.#entry.beat();
    this.#entry.progress = { done, total, note: note === undefined ? null : storableText(this.#entry.shield.text(note), MAX_NOTE) };
  }

  private refuseInTransaction(call: string): void {
    const refusal = this.refusalOf(call);
    if (refusal) throw refusal;
  }

  private refusalOf(call: string): StepwellError | undefined {
    if (this.#entry.sealed) return new StepwellError('TRANSACTION_ENDED_ATTEMPT', { call });
    if (this.isVerifying) return this.notInVerify(call);
    return this.sealing && new StepwellError('NOT_IN_TRANSACTION', { call });
  }

  private get isVerifying(): boolean {
    return this.#entry.action.standIn === 'verify';
  }

  /** A transaction's result would be the step's output, whatever the verdict. */
  private notInVerify(call: string): StepwellError {
    const reason = `ctx.${call} cannot be used there: it finds out what happened, and changes nothing.`;
    return new StepwellError('OPTION_INVALID', { where: `Step "${this.stepId}", verify`, reason });
  }
}
