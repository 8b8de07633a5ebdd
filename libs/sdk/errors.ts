import { type DurationText, LONGEST_MS, parseDuration } from './duration.js';

/**
 * What a handler throws to steer the retry policy. Anything else it throws is retried as the step's policy says; when it has a `code` of
 * its own (a text such as `'ECONNRESET'`), that is the code of the failure, which `retryOn` and `giveUpOn` go by.
 */

export interface StepErrorOptions extends ErrorOptions {
  /** Of the failure, for pages and for who catches it: `'CARD_DECLINED'`. */
  readonly code?: string;
}

/** The step will never succeed: do not try again. */
export class TerminalError extends Error {
  override readonly name: string = 'TerminalError';
  readonly code: string | undefined;
  constructor(message?: string, options: StepErrorOptions = {}) {
    super(message, options);
    this.code = options.code;
  }
}

/**
 * Try again, but not before a while has passed (a service that says "slow down"). Still counts as an attempt, and `retryOn`, `giveUpOn`
 * and `retryIf` are asked as for any other error.
 *
 * @param after milliseconds, or a duration (`'90s'`, `'PT15M'`). What is neither, or negative, asks for no pause; a century is the longest
 */
export class RetryAfterError extends Error {
  override readonly name: string = 'RetryAfterError';
  readonly code: string | undefined;
  constructor(
    message: string,
    readonly after: number | DurationText,
    options: StepErrorOptions = {},
  ) {
    super(message, options);
    this.code = options.code;
  }
}

/**
 * Whether the effect happened is not known: the connection broke after the request was sent, say. A step with `externalEffect` is then
 * verified before anything else; in any other step this is an error like others.
 */
export class UnknownEffectError extends Error {
  override readonly name: string = 'UnknownEffectError';
}

/** The pause that an error asks for, whatever a service's header was turned into: milliseconds that can be added to a date. */
export function retryAfterMs({ after }: RetryAfterError): number {
  const afterMs = typeof after === 'string' ? durationOrNone(after) : after;
  return afterMs > 0 ? Math.min(afterMs, LONGEST_MS) : 0;
}

function durationOrNone(text: DurationText): number {
  try {
    return parseDuration(text, 'RetryAfterError');
  } catch {
    return 0;
  }
}
