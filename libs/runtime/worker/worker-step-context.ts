/** What a handler holds while it runs. */
import { createHash } from 'node:crypto';
import { type Actor, findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import { type EventDraft, nodeKey, type StepFault } from '@stepwell/engine';
import {
  type AsyncResultHandle,
  type CaughtError,
  type DurationText,
  type Event,
  parseDuration,
  type ReadContext,
  type StepContext,
  type StepLogger,
  type StepNode,
  SUSPENSION,
  type Suspension,
} from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import type { EntityManager } from 'typeorm';
import type { Entry } from './entry.js';
import type { ActivationHandle } from './host.js';
import { checkedOutput } from './checked-output.js';
import { sealStep } from './seal-step.js';
import { stepCompleted } from './step-completed.js';
import { storableText } from './storable-text.js';

/** A note is one line beside a progress bar. */
const MAX_NOTE = 200;

export class WorkerStepContext implements StepContext<never, unknown> {
  readonly tenant: string;
  readonly runId: string;
  readonly stepId: string;
  readonly attempt: number;
  readonly actor: Actor | null;
  readonly emitted: EventDraft[] = [];
  readonly resultOf: ReadContext<never>['resultOf'];
  readonly maybeResultOf: ReadContext<never>['maybeResultOf'];
  readonly answerOf: ReadContext<never>['answerOf'];
  readonly maybeAnswerOf: ReadContext<never>['maybeAnswerOf'];
  readonly itemOf: ReadContext<never>['itemOf'];
  private readonly read: ReadContext<never>;
  /** The transaction that was opened, until it has ended either way. */
  sealing: Promise<unknown> | undefined;
  private hasTransacted = false;

  constructor(
    private readonly activation: ActivationHandle,
    private readonly entry: Entry,
    readonly params: unknown,
  ) {
    const { run } = activation;
    const read = activation.readContext.at(entry.action.node, entry.action.iteration);
    this.tenant = run.tenant;
    this.runId = run.id;
    this.actor = run.actor;
    this.stepId = entry.action.node.id;
    this.attempt = entry.action.attempt;
    this.resultOf = read.resultOf;
    this.maybeResultOf = read.maybeResultOf;
    this.answerOf = read.answerOf;
    this.maybeAnswerOf = read.maybeAnswerOf;
    this.itemOf = read.itemOf;
    this.read = read;
  }

  get input(): never {
    return this.activation.readContext.input;
  }

  /** What the step has failed of, for what stands in for it. */
  get failure(): StepFault | undefined {
    const { node, iteration } = this.entry.action;
    return this.activation.state.nodes.get(nodeKey(node.path, iteration))?.fault;
  }

  get item(): unknown {
    return this.read.item;
  }

  get error(): CaughtError {
    return this.read.error;
  }

  get maybeError(): CaughtError | undefined {
    return this.read.maybeError;
  }

  get index(): number {
    return this.read.index;
  }

  get isResumed(): boolean {
    return this.entry.action.resumed !== undefined;
  }

  get resumeData(): Json | undefined {
    return this.entry.action.resumed?.data;
  }

  get signal(): AbortSignal {
    return this.entry.signal;
  }

  /** Over all attempts, and over unedited retries of the run, because it starts from the lineage root; what stands in has its own. */
  get idempotencyKey(): string {
    const { node, iteration, standIn } = this.entry.action;
    const place = [this.activation.run.lineage_root, node.path, iteration, ...(standIn && standIn !== 'verify' ? [standIn] : [])];
    return createHash('sha256').update(place.join('\n')).digest('hex').slice(0, 40);
  }

  get logger(): StepLogger {
    const { log } = this.activation.host;
    const about = { tenant: this.tenant, runId: this.runId, stepId: this.stepId, attempt: this.attempt };
    return {
      debug: (message, fields) => log.debug(message, { ...about, ...fields }),
      info: (message, fields) => log.info(message, { ...about, ...fields }),
      warn: (message, fields) => log.warn(message, { ...about, ...fields }),
      error: (message, fields) => log.error(message, { ...about, ...fields }),
    };
  }

  createAsyncResult(): Promise<AsyncResultHandle> {
    this.refuseInTransaction('createAsyncResult');
    return Promise.resolve(this.activation.host.asyncResultIds.create(this.tenant, this.runId));
  }

  resumeWhenComplete(asyncResultId: string, options: { timeout?: DurationText } = {}): Suspension {
    this.refuseInTransaction('resumeWhenComplete');
    const where = `Step "${this.stepId}", resumeWhenComplete`;
    if (this.activation.host.asyncResultIds.runIdOf(asyncResultId) !== this.runId)
      throw new StepwellError('OPTION_INVALID', { where, reason: 'wait for an id that ctx.createAsyncResult() gave in this run.' });
    const timeoutMs = options.timeout === undefined ? null : parseDuration(options.timeout, where);
    return { [SUSPENSION]: true, asyncResultId, timeoutMs };
  }

  suspend(options: { for: DurationText }): Suspension {
    this.refuseInTransaction('suspend');
    return { [SUSPENSION]: true, asyncResultId: null, timeoutMs: parseDuration(options.for, `Step "${this.stepId}", suspend`) };
  }

  emit<E>(event: Event<E>, payload: E, options: { idempotencyKey?: string } = {}): void {
    if (this.entry.sealed) throw new StepwellError('TRANSACTION_ENDED_ATTEMPT', { call: 'emit' });
    const idempotencyKey = options.idempotencyKey ?? null;
    const bad = findNonJson(payload ?? null) ?? findNonJson(idempotencyKey, 'idempotencyKey');
    if (bad) throw new StepwellError('OUTPUT_NOT_JSON', { id: `${this.stepId} → ${event.name}`, path: bad.path, reason: bad.reason });
    this.emitted.push({
      id: uuidV7(),
      name: event.name,
      payload: JSON.parse(JSON.stringify(payload ?? null)) as Json,
      idempotencyKey,
      path: this.entry.action.node.path,
    });
  }

  /** Not an async method: whether or not the handler awaits it, no rejection of it goes unheard. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const refusal = this.refusalOf('transaction') ?? (this.hasTransacted ? new StepwellError('TRANSACTION_TWICE') : undefined);
    if (refusal) return Promise.reject(refusal);
    this.hasTransacted = true;
    const emittedBefore = this.emitted.length;
    const { node, iteration, attempt } = this.entry.action;
    const { policy } = node.definition as StepNode;
    const sealed = sealStep(this.activation, this.entry, work, async (result) => {
      const output = await checkedOutput(node.id, result, policy.output);
      return stepCompleted({ path: node.path, iteration, attempt }, this.entry, output, this.emitted);
    });
    const end = () => {
      this.sealing = undefined;
      // What was emitted inside rolled back with it.
      if (!this.entry.sealed) this.emitted.length = emittedBefore;
    };
    this.sealing = sealed;
    sealed.then(end, end);
    return sealed;
  }

  heartbeat(): void {
    this.entry.beat();
  }

  progress(done: number, total: number, note?: string): void {
    this.refuseInTransaction('progress');
    this.entry.beat();
    this.entry.progress = { done, total, note: note === undefined ? null : storableText(note, MAX_NOTE) };
  }

  private refuseInTransaction(call: string): void {
    const refusal = this.refusalOf(call);
    if (refusal) throw refusal;
  }

  private refusalOf(call: string): StepwellError | undefined {
    if (this.entry.sealed) return new StepwellError('TRANSACTION_ENDED_ATTEMPT', { call });
    return this.sealing && new StepwellError('NOT_IN_TRANSACTION', { call });
  }
}
