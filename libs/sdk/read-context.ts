import type { Actor } from '@stepwell/contracts';
import type { CaughtError } from './caught-error.js';
import type { AnswerOf, Asks, OutputOf, Runs } from './results.js';
import type { Signal } from './signal.js';
import type { Type } from './type.js';

/** What every piece of author code may read: conditions, params, props and steps alike. */
export interface ReadContext<In = unknown> {
  readonly input: In;
  readonly runId: string;
  /** Whose run it is: belongs into every key of a module's own tables. */
  readonly tenant: string;
  /** Who started the run; `null` when an event, a schedule or an emitter did. */
  readonly actor: Actor | null;
  /**
   * The output of a step that has run. `id` is needed when the handler stands at several places.
   * @throws StepwellError STEP_NOT_RUN, or NODE_UNKNOWN for an id the workflow does not have
   */
  resultOf<H extends Runs>(handler: Type<H>, id?: string): OutputOf<H>;
  /** The output of any node by its id; a node of a branch that was not taken gives `undefined`. */
  resultOf<T = unknown>(id: string): T;
  /**
   * The item of the innermost for-each around this place; a cast says what it is, or use the typed reader that `forEach` hands its branch.
   * @throws StepwellError NOT_IN_LOOP outside of any
   */
  readonly item: unknown;
  /**
   * Which item of the list of the innermost for-each, or which turn of the innermost loop, counting from 0.
   * @throws StepwellError NOT_IN_LOOP outside of any
   */
  readonly index: number;
  /**
   * The item of the for-each with this id, however deep inside of it.
   * @throws StepwellError NOT_IN_LOOP when this place is not inside of it
   */
  itemOf<T = unknown>(forEachId: string): T;
  /**
   * What the turn before this one of the loop with this id came to; `undefined` in the first. `loop` hands its branch a typed reader of it.
   * @throws StepwellError NOT_IN_LOOP when this place is not inside of it
   */
  previousOf<T = unknown>(loopId: string): T | undefined;
  /**
   * The failure that the catch around this place deals with; of several the innermost one's.
   * @throws StepwellError NOT_IN_CATCH outside of any
   */
  readonly error: CaughtError;
  /** As `error`, but `undefined` outside of a catch. In a finally it is what the try or its catch failed with, if one did. */
  readonly maybeError: CaughtError | undefined;
  /** As `resultOf`, but `undefined` when the step has not run. */
  maybeResultOf<H extends Runs>(handler: Type<H>, id?: string): OutputOf<H> | undefined;
  maybeResultOf<T = unknown>(id: string): T | undefined;
  /** The payload of the last signal of this kind that the run was sent; `undefined` when there was none. */
  lastSignal<P>(signal: Signal<P>): P | undefined;
  /** The answer a reviewer gave to a screen. */
  answerOf<S extends Asks>(screen: Type<S>, id?: string): AnswerOf<S>;
  /** The id of the task that a screen has opened; `undefined` before. */
  taskOf(screenId: string): string | undefined;
  maybeAnswerOf<S extends Asks>(screen: Type<S>, id?: string): AnswerOf<S> | undefined;
}
