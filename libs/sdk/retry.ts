import { StepwellError } from '@stepwell/contracts';
import { type DurationText, parseDuration } from './duration.js';

/**
 * How often a step is tried. `attempts` includes the first try and defaults to 1: nothing is retried unless the author asks.
 * A `backoff` alone therefore retries nothing. The pause before the second attempt is `backoff` (default 1 s); it doubles after each
 * failed attempt, up to `maxBackoff` (default 1 h). `jitter` (0 to 1) takes up to that share off each pause at random.
 */
export interface RetryOptions {
  readonly attempts?: number;
  readonly backoff?: DurationText;
  readonly maxBackoff?: DurationText;
  readonly jitter?: number;
}

/**
 * What becomes of a step that is out of attempts: it fails, and mostly its run with it; or it is parked: its run waits, with the reason
 * `incident`, until somebody retries or cancels it.
 */
export type OnExhausted = 'fail' | 'park';

/** Retry options with every value present; durations in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly jitter: number;
}

export const NO_RETRY: RetryPolicy = { attempts: 1, backoffMs: 1_000, maxBackoffMs: 3_600_000, jitter: 0 };

/** @throws StepwellError OPTION_INVALID for any other word */
export function onExhausted(word: OnExhausted | undefined, where: string): OnExhausted | undefined {
  if (word === undefined || word === 'fail' || word === 'park') return word;
  throw new StepwellError('OPTION_INVALID', { where, reason: `onExhausted is ${JSON.stringify(word)}; it is 'fail' or 'park'.` });
}

/** @throws StepwellError OPTION_INVALID for a negative backoff, attempts below 1, or a jitter outside 0 to 1 */
export function retryPolicy(options: RetryOptions | undefined, where: string): RetryPolicy {
  if (!options) return NO_RETRY;
  const attempts = options.attempts ?? NO_RETRY.attempts;
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new StepwellError('OPTION_INVALID', {
      where,
      reason: `retry.attempts is ${attempts}; it counts the first try too, so it is a whole number of at least 1.`,
    });
  }
  const jitter = options.jitter ?? 0;
  if (!(jitter >= 0 && jitter <= 1))
    throw new StepwellError('OPTION_INVALID', { where, reason: `retry.jitter is ${jitter}; it is a share from 0 to 1.` });
  return {
    attempts,
    backoffMs: options.backoff === undefined ? NO_RETRY.backoffMs : parseDuration(options.backoff, `${where}, retry.backoff`),
    maxBackoffMs:
      options.maxBackoff === undefined ? NO_RETRY.maxBackoffMs : parseDuration(options.maxBackoff, `${where}, retry.maxBackoff`),
    jitter,
  };
}
