import type { Actor } from '@stepwell/contracts';

/** The run that an interceptor is told about. */
export interface InterceptedRun {
  readonly tenant: string;
  readonly runId: string;
  readonly workflow: string;
  readonly version: number;
  /** Who started it. */
  readonly actor: Actor | null;
}

export interface InterceptedStep extends InterceptedRun {
  readonly stepId: string;
  readonly path: string;
  /** Indexes of the loops around the step, outermost first (`3.0`); `''` outside of loops. */
  readonly iteration: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** It is entered again with what it had waited for. */
  readonly isResumed: boolean;
}

/** Something that was said to the run, by a person, an event or its parent. */
export interface InterceptedSignal {
  readonly kind: 'signal' | 'cancel' | 'pause' | 'resume' | 'context';
  /** Of a signal that the workflow declares; otherwise its kind. */
  readonly name: string;
  /** Of a signal its payload, of an update of the context its fields, otherwise the reason that was given, or null. */
  readonly payload: unknown;
  readonly by: Actor | null;
}

/**
 * What goes on beside every step of a workflow that lists it: `workflow('order', { interceptors: [AuditTrail] })`. A provider of the
 * module, like a handler. Each hook has ten seconds; within `ctx.transaction` the `afterStep` of all have five together. One that throws, or
 * takes longer, is recorded in the run's journal, and the run goes on as if it were not there.
 */
export interface Interceptor {
  /** Before a handler is entered: for every attempt, and again when it is resumed. */
  readonly beforeStep?: (step: InterceptedStep) => unknown;
  /**
   * With each output of a step, before anything of it is stored. What is returned is stored in its place, and is what later steps read;
   * `undefined` leaves it as it is. Of several interceptors each gets what the one before has made of it.
   */
  readonly afterStep?: (output: unknown, step: InterceptedStep) => unknown;
  /** When the run is about to be recorded as completed. Called again when the process dies before that is durable. */
  readonly onComplete?: (output: unknown, run: InterceptedRun) => unknown;
  /** When the run is about to be recorded as failed; likewise. */
  readonly onFailure?: (failure: { readonly code: string; readonly message: string }, run: InterceptedRun) => unknown;
  /** When the run hears a signal, a cancel, a pause or its end, or an update of its context; likewise. */
  readonly onSignal?: (signal: InterceptedSignal, run: InterceptedRun) => unknown;
}
