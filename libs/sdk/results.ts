/**
 * Results by handler token: the class alone says what its step returns or its screen asks. Only that one member is looked at, so a
 * context needs to know nothing of handlers, whose own types are written in terms of contexts.
 */
import type { Suspension } from './suspension.js';
import type { Type } from './type.js';

/** Whatever has a `run`: enough to know a step's output. */
export interface Runs {
  readonly run: (ctx: never) => unknown;
}

/** Whatever has an answer class: enough to know what a reviewer sends. */
export interface Asks {
  readonly answer: Type<unknown>;
}

/** What a step returns when it is done; suspending is not a result. */
export type OutputOf<H extends Runs> = Exclude<Awaited<ReturnType<H['run']>>, Suspension>;
export type AnswerOf<S extends Asks> = S['answer'] extends Type<infer A> ? A : never;
