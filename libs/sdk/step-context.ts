import type { Json } from '@stepwell/contracts';
import type { EntityManager } from 'typeorm';
import type { DurationText } from './duration.js';
import type { Event } from './event.js';
import type { InjectedNode, InjectOptions } from './injection.js';
import type { ChildResultPage, ChildResultRange } from './nodes/for-each-run.node.js';
import type { ReadContext } from './read-context.js';
import type { StepSession } from './session.js';
import type { Suspension } from './suspension.js';

/** A result that comes from outside, later. */
export interface AsyncResultHandle {
  readonly id: string;
  /** POST `{"result": ...}` or `{"error": "..."}` here to settle it; the URL is signed, so it needs no sign-in. */
  readonly callbackUrl: string;
}

export interface StepLogger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What a step's `run` receives. */
export interface StepContext<In = unknown, P = void> extends ReadContext<In> {
  readonly params: P;
  /** The settings of the workflow, with its secrets looked up. What a secret is may not get into an output, an event, an error or a log. */
  readonly config: Readonly<Record<string, Json>>;
  readonly stepId: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** The same over all attempts of this step in this run: pass it to outside services. */
  readonly idempotencyKey: string;
  /** Aborts on time-out, on cancel and when another worker took the run over. */
  readonly signal: AbortSignal;
  readonly logger: StepLogger;
  /** True when this step has been suspended and its result has come. First line of a suspending step: `if (ctx.isResumed) return ctx.resumeData`. */
  readonly isResumed: boolean;
  /** What it was resumed with; may be `0`, `false`, `''` or `null`, so test `isResumed`, never this value's truth. */
  readonly resumeData: unknown;

  /** Opens a result that an outside service will deliver. */
  createAsyncResult(): Promise<AsyncResultHandle>;
  /** `return ctx.resumeWhenComplete(id)`: the run waits, costs a row and no memory, and this step is entered again from the top. */
  resumeWhenComplete(asyncResultId: string, options?: { timeout?: DurationText }): Suspension;
  /** `return ctx.suspend({ for: '10m' })`: be entered again after a while, with `resumeData` null. */
  suspend(options: { for: DurationText }): Suspension;

  /**
   * What became of the items of a `forEachRun`, page by page: what one page gives as `next` is the next one's `after`, until it is null.
   *
   * @param id of the node
   * @throws StepwellError NODE_UNKNOWN, OPTION_INVALID for another kind of node or a range out of bounds
   */
  childResults<T = unknown>(id: string, range?: ChildResultRange): Promise<ChildResultPage<T>>;

  /** The session that the run was started in; undefined for none, and for a step that may not read all data. */
  readonly session: StepSession | undefined;

  /** Appends an event in the same commit as this step's output. It is dropped when the attempt fails. */
  emit<E>(event: Event<E>, payload: NoInfer<E>, options?: { idempotencyKey?: string }): void;
  /**
   * Adds nodes to the run, to be run at an inject point of its workflow (`flow.inject`): durable in the same commit as this step's output,
   * and dropped when the attempt fails, so no crash and no retry adds them twice. An id that this step has injected before, or that stands
   * there with the same content, is not added again. Await it: it resolves when all of them are checked. Not in a step with
   * `ctx.transaction`, `externalEffect`, `idempotency` or `cache`.
   *
   * @param nodes each with its id, the name of its handler at the inject point, its params and options; what comes from elsewhere may be handed over as it is
   * @throws StepwellError INJECTION_INVALID (with the fields), INJECTION_NOT_ALLOWED, INJECTION_HANDLER_UNKNOWN, INJECTION_ID_TAKEN, INJECTION_LIMIT, INJECTION_TOO_LATE; SECRET_EXPOSED
   */
  inject(nodes: readonly InjectedNode[], options?: InjectOptions): Promise<void>;
  /**
   * `return ctx.transaction(async (manager) => ...)`: the writes of `work` and the step's own commit are one Postgres transaction, and
   * what `work` returns is the step's output. This is the exactly-once path; everything else is at-least-once with an idempotency key.
   * At most once per attempt, and the last thing the step does.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** Says that a long step is alive, for its `heartbeatTimeout`; call it as often as you like. `progress` says it too. */
  heartbeat(): void;
  /**
   * Keeps how far a long step has come: durable when it resolves, in a commit of its own. The next attempt finds it by `loadCheckpoint`,
   * after a failure, a crash or a retry of the run; a step that has an output needs it no more. Not in a transaction, nor in what stands in
   * for the step.
   *
   * @param value JSON, at most 16 MB
   * @throws StepwellError OUTPUT_NOT_JSON, OUTPUT_TOO_LARGE, SECRET_EXPOSED, NOT_IN_TRANSACTION; the reason of `signal` when the attempt is over
   */
  saveCheckpoint(value: unknown): Promise<void>;
  /** What this step has saved last in this run, and in this turn of the loops around it, by whichever attempt; `undefined` for nothing. */
  loadCheckpoint<T = unknown>(): T | undefined;
  /** Tells how far a long step has come; the last word of each second is written down and shown live. */
  progress(done: number, total: number, note?: string): void;
}
