import { checkId } from './check-id.js';
import type { Type } from './type.js';

/** Something that may be said to a run while it lives; an event goes to whoever listens, a signal to one run. */
export interface Signal<P> {
  readonly name: string;
  /** The class-validator class of its payload. */
  readonly payload: Type<P>;
}

/**
 * Declares a signal: `export const RaiseLimit = signal('raise-limit', NewLimit)`. A workflow that lists it in its `signals` takes it; steps
 * and conditions read the last one by `ctx.lastSignal(RaiseLimit)`.
 */
export function signal<P extends object>(name: string, payload: Type<P>): Signal<P> {
  checkId(name);
  return { name, payload };
}
