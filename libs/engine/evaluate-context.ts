/** What a node kind gets to evaluate the author's pure functions with. */
import type { Json } from '@stepwell/contracts';
import type { AnyScreen, ReadContext, Type } from '@stepwell/sdk';
import type { RunState } from './run-state.js';

export interface EvaluateContext {
  readonly state: RunState;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
  /** What author code reads; typed `never` input because the graph has forgotten it. */
  readonly read: ReadContext<never>;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /** The provider of a screen. */
  readonly screen: (type: Type<AnyScreen>) => AnyScreen;
  /** JSON Schema of an answer class. */
  readonly formOf: (answer: Type<unknown>) => Json;
}
