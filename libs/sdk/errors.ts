/**
 * What a handler throws to steer the retry policy. Anything else it throws is retried as the step's policy says.
 */

/** The step will never succeed: do not try again. */
export class TerminalError extends Error {
  override readonly name: string = 'TerminalError';
}

/** Try again, but not before `afterMs` milliseconds (a service that says "slow down"). Still counts as an attempt. */
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
