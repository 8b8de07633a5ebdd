import type { Actor } from '@stepwell/contracts';
import type { EntityManager } from 'typeorm';
import type { Event } from './event.js';
import type { Flow } from './flow.js';
import type { InjectedNode, InjectOptions } from './injection.js';
import type { Signal } from './signal.js';

export interface ClientOptions {
  readonly idempotencyKey?: string;
  /** Of a start: the session that the run belongs to. */
  readonly session?: string;
  /** Who is behind it; by default nobody. */
  readonly actor?: Actor;
  /** By default that of an installation that serves one. */
  readonly tenant?: string;
  /**
   * Of an open transaction in Stepwell's own database, as `dataSource.transaction` or `ctx.transaction` gives it. What is started or emitted
   * is then a part of it: rolled back with it, and seen by nobody before its commit.
   */
  readonly manager?: EntityManager;
}

/** Who says something to a run: see `ClientOptions`. */
export type SignalOptions = Pick<ClientOptions, 'actor' | 'tenant'>;

export interface CheckpointOptions extends SignalOptions {
  /** Fields of the input, each as a whole; with the others they have to fit its class. */
  readonly overrideData?: Readonly<Record<string, unknown>>;
}

export interface ClientInjectOptions extends SignalOptions, InjectOptions {
  readonly idempotencyKey?: string;
  /** Of a point in loops: in which turn of each, outermost first, as `'0'` or `'2.0'`. */
  readonly iteration?: string;
}

export interface InjectionOutcome {
  /** True when the idempotency key had been used for this run; then nothing is injected. */
  readonly existing: boolean;
}

export interface StartedRun {
  readonly runId: string;
  /** True when the idempotency key had been used; `runId` is then the first run. */
  readonly existing: boolean;
}

/**
 * Starts runs and emits events from any provider or controller of the application: inject it.
 *
 *     await this.dataSource.transaction(async (manager) => {
 *       await manager.save(order);
 *       await this.client.start(orderWorkflow, { orderId: order.id }, { idempotencyKey: order.id, manager });
 *     });
 *
 * In a transaction, a start with a key waits for whoever else is starting with it; when that one commits, this one gets its run, and when it
 * rolls back, its own. Who starts several with keys in one transaction starts them in the order of workflow and key: otherwise two such
 * transactions may wait for each other, and PostgreSQL ends one of them.
 */
export abstract class StepwellClient {
  /**
   * @param workflow what `workflow()` returned, or its name
   * @throws StepwellError WORKFLOW_NOT_FOUND, INPUT_INVALID (with the fields), SESSION_NOT_FOUND, SESSION_CLOSED, TRANSACTION_NEEDED when `manager` is in no transaction
   */
  abstract start<In>(workflow: Flow<In>, input: NoInfer<In>, options?: ClientOptions): Promise<StartedRun>;
  abstract start(workflow: string, input: unknown, options?: ClientOptions): Promise<StartedRun>;
  /**
   * Two emits with one key are two events: the key is for tracing, and for listeners that take each key only once.
   *
   * @param event what `event()` returned, or its name
   * @throws StepwellError EVENT_NOT_FOUND, INPUT_INVALID, TRANSACTION_NEEDED
   */
  abstract emit<P>(event: Event<P>, payload: NoInfer<P>, options?: ClientOptions): Promise<{ readonly eventId: string }>;
  abstract emit(event: string, payload: unknown, options?: ClientOptions): Promise<{ readonly eventId: string }>;
  /**
   * Says something to a run that its workflow takes. Each signal counts. Not in a transaction of the caller's.
   *
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, SIGNAL_UNKNOWN, INPUT_INVALID (with the fields)
   */
  abstract signal<P extends object>(runId: string, signal: Signal<P>, payload: NoInfer<P>, options?: SignalOptions): Promise<void>;
  /**
   * Replaces fields of a run's input, each as a whole. Nodes that begin later see it; an attempt that has begun does not.
   *
   * @param patch fields and their new values; with the others they have to fit the class of the input
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, CONTEXT_NOT_UPDATABLE, INPUT_INVALID (with the fields)
   */
  abstract updateContext(runId: string, patch: Readonly<Record<string, unknown>>, options?: SignalOptions): Promise<void>;
  /**
   * Goes on behind a checkpoint that was kept as a text, at the next step, once. A run that was stopped there goes on itself; of any other one
   * another run does.
   *
   * @param checkpoint what `onStepComplete` was given, or `exportCheckpoint` gave
   * @returns which run goes on
   * @throws StepwellError CHECKPOINT_MALFORMED, CHECKPOINT_TAMPERED, CHECKPOINT_EXPIRED, CHECKPOINT_STEP_UNKNOWN, CHECKPOINT_GRAPH_CHANGED,
   *   CHECKPOINT_USED, INPUT_INVALID (with the fields; then it is not used up), RUN_ENDED, RUN_CANCELING
   */
  abstract runCheckpoint(checkpoint: string, options?: CheckpointOptions): Promise<{ readonly runId: string }>;
  /**
   * Closes a run that is stopped at a checkpoint, so that it goes on in another installation with the same secret (`STEPWELL_SECRET`):
   * `runCheckpoint` of that one takes what this gives. Who asks again gets the text again.
   *
   * @param to what `installation()` of the other one says
   * @returns a text with the journal of the run, good for a week
   * @throws StepwellError CHECKPOINT_MALFORMED, CHECKPOINT_TAMPERED, CHECKPOINT_EXPIRED, CHECKPOINT_STEP_UNKNOWN, CHECKPOINT_GRAPH_CHANGED,
   *   CHECKPOINT_CARRIED, CHECKPOINT_USED, RUN_NOT_CARRIED
   */
  abstract carryRun(checkpoint: string, to: string, options?: SignalOptions): Promise<string>;
  /** Which installation this is: 16 hexadecimal digits. */
  abstract installation(): Promise<string>;
  /**
   * Injects nodes into a run, at an inject point of its workflow; all or none of them. One that stands there with the same content is not added
   * again. Not in a transaction of the caller's.
   *
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, INJECTION_INVALID (with the fields), INJECTION_NOT_ALLOWED, INJECTION_HANDLER_UNKNOWN, INJECTION_ID_TAKEN, INJECTION_LIMIT, INJECTION_TOO_LATE
   */
  abstract inject(runId: string, nodes: readonly InjectedNode[], options?: ClientInjectOptions): Promise<InjectionOutcome>;
}
