import type { Decider, DecidingContext, MayDecide } from './deciding.js';
import type { ReadContext } from './read-context.js';
import type { StepContext } from './step-context.js';
import type { Verdict } from './step-policies.js';
import type { Suggestion } from './suggestion.js';
import type { Suspension } from './suspension.js';
import type { Type } from './type.js';

/**
 * A step's code. `run` is a property signature on purpose: method shorthand is bivariant and would let a step into a flow whose input
 * it cannot read.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler that ignores its input or params fits every flow
export interface StepHandler<Out, In = any, P = any> {
  readonly run: (ctx: StepContext<In, P>) => Out | Suspension | Promise<Out | Suspension>;
  /** With `externalEffect: true`: finds out what became of an effect whose outcome was lost, with what the handler has injected. See `Verify`. */
  readonly verify?: (ctx: StepContext<In, P>) => Verdict<Out> | Promise<Verdict<Out>>;
}

/** A whole answer, under a name: offered as a link by a message about the task, or for many tasks at once. */
export interface ScreenLink<Answer> {
  /** On the button: `Approve`. */
  readonly label: string;
  /** The whole answer; the boot refuses one that its class does not take. */
  readonly answer: Answer;
}

/** A screen: what is asked (`answer`, a class-validator class) and what is shown beside it (`props`). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export interface ScreenHandler<Props, Answer, In = any> {
  readonly answer: Type<Answer>;
  readonly props: (ctx: ReadContext<In>) => Props | Promise<Props>;
  /** The line that reviewers see in the inbox; the screen's title when absent. */
  readonly subject?: (ctx: ReadContext<In>) => string;
  /**
   * What fills the form, asked once when the task opens; `undefined` when there is nothing to suggest. What does not fit the answer's class
   * is left out, and one that throws suggests nothing: the task opens all the same, and says so.
   */
  readonly suggest?: (ctx: ReadContext<In>) => Suggestion<Answer> | undefined | Promise<Suggestion<Answer> | undefined>;
  /** Answers that can be given by a link in a message, without the form; at most five. Whoever opens one is shown the task, and presses a button. */
  readonly links?: readonly ScreenLink<Answer>[];
  /**
   * What one may answer many tasks of this screen with at once: `true` for any answer that fits the class, or a list of those that may be
   * given so, at most five. Each task is checked and decided by itself. Default: none, for a screen is there so that somebody looks.
   */
  readonly bulk?: boolean | readonly ScreenLink<Answer>[];
  /**
   * Whether this person may decide, of those whom the task is for. Asked of everybody who would claim it, have it given or decide it, on
   * every path, each time anew. It holds for tasks that open from then on; what it throws keeps everybody away.
   */
  readonly mayDecide?: (person: Decider, ctx: DecidingContext<In, Props>) => MayDecide | Promise<MayDecide>;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- "any handler whatever its types" has no narrower spelling */
export type AnyStep = StepHandler<any, any, any>;
export type AnyScreen = ScreenHandler<any, any, any>;
export type InputOf<H> = H extends { run: (ctx: StepContext<infer I, any>) => any } ? I : never;
export type ParamsOf<H> = H extends { run: (ctx: StepContext<any, infer P>) => any } ? P : never;
export type ScreenInputOf<S> = S extends ScreenHandler<any, any, infer I> ? I : never;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** Lets a handler into a flow only when the flow's input is what the handler reads. */
export type Accepts<H, In> = [In] extends [InputOf<H>] ? unknown : { readonly __error: 'this step needs another input type' };
export type ScreenAccepts<S, In> = [In] extends [ScreenInputOf<S>] ? unknown : { readonly __error: 'this screen needs another input type' };
