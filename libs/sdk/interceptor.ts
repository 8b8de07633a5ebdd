import type { Actor, Json } from '@stepwell/contracts';

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

/** What a run knows behind a step. */
export interface RunContext {
  readonly input: Json;
  /** Of the nodes that have completed, in the order in which they were reached; but not of turns that their loops have left. */
  readonly outputs: readonly { readonly path: string; readonly iteration: string; readonly output: Json }[];
  /** What steps without an output have saved. */
  readonly saved: readonly { readonly path: string; readonly iteration: string; readonly output: Json }[];
}

/** A step that has come to its output. */
export interface CompletedStep extends InterceptedRun {
  /** The id of the step. */
  readonly stepName: string;
  readonly path: string;
  /** As in `InterceptedStep`. */
  readonly iteration: string;
  readonly attempt: number;
  /** As it was stored. */
  readonly output: Json;
  /** Milliseconds from the beginning of the attempt to its output. */
  readonly duration: number;
  readonly context: RunContext;
  /**
   * This place as a signed text, good for a week: for `StepwellClient.runCheckpoint`, once, also when the hook is called again and gets another
   * text. It carries the context, where that has at most 64 kB.
   */
  readonly checkpoint: string;
  /** No later step of the run begins until this checkpoint is run; the run waits. */
  readonly stop: () => void;
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
 * takes longer, is recorded in the run's journal, and the run goes on as if it were not there; only `onStepComplete` then stops it.
 */
export interface Interceptor {
  /** Before a handler is entered: for every attempt, and again when it is resumed. */
  readonly beforeStep?: (step: InterceptedStep) => unknown;
  /**
   * With each output of a step, before anything of it is stored. What is returned is stored in its place, and is what later steps read;
   * `undefined` leaves it as it is. Of several interceptors each gets what the one before has made of it.
   */
  readonly afterStep?: (output: unknown, step: InterceptedStep) => unknown;
  /**
   * Behind each step, when its output is stored, and before anything follows from it. Called again when the process dies before the answer is
   * stored, too. One that throws, or takes too long, stops the run as `stop` does: what it was to guard does not happen unseen.
   */
  readonly onStepComplete?: (step: CompletedStep) => unknown;
  /** When the run is about to be recorded as completed. Called again when the process dies before that is durable. */
  readonly onComplete?: (output: unknown, run: InterceptedRun) => unknown;
  /** When the run is about to be recorded as failed; likewise. */
  readonly onFailure?: (failure: { readonly code: string; readonly message: string }, run: InterceptedRun) => unknown;
  /** When the run hears a signal, a cancel, a pause or its end, or an update of its context; likewise. */
  readonly onSignal?: (signal: InterceptedSignal, run: InterceptedRun) => unknown;
}
