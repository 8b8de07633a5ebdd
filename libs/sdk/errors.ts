import { LONGEST_MS } from './duration.js';

/**
 * What a handler throws to steer the retry policy. Anything else it throws is retried as the step's policy says.
 */

/** The step will never succeed: do not try again. */
export class TerminalError extends Error {
  override readonly name: string = 'TerminalError';
}

/**
 * Try again, but not before `afterMs` milliseconds (a service that says "slow down"). Still counts as an attempt. What is no number, or
 * negative, asks for no pause; a century is the longest.
 */
export class RetryAfterError extends Error {
  override readonly name: string = 'RetryAfterError';
  constructor(
    message: string,
    readonly afterMs: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The pause that an error asks for, whatever a service's header was turned into: a number that can be added to a date. */
export function retryAfterMs({ afterMs }: RetryAfterError): number {
  return afterMs > 0 ? Math.min(afterMs, LONGEST_MS) : 0;
}
