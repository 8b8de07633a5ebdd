/** The marker a suspending step returns. Not an exception: suspension is a value. */
export interface Suspension {
  readonly [SUSPENSION]: true;
  readonly asyncResultId: string | null;
  readonly timeoutMs: number | null;
}
export const SUSPENSION: unique symbol = Symbol('stepwell.suspension');

/** True when a handler's return value says "wait", not "done". */
export function isSuspension(value: unknown): value is Suspension {
  return typeof value === 'object' && value !== null && SUSPENSION in value;
}
