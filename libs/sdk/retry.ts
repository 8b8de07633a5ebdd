import { StepwellError } from '@stepwell/contracts';
import { type DurationText, parseDuration } from './duration.js';
import type { ReadContext } from './read-context.js';

/** How the pause grows from one attempt to the next: it doubles, grows by its first length, or stays. */
export type BackoffGrowth = 'exponential' | 'linear' | 'fixed';

/** Why an attempt failed, as `retryIf` sees it. */
export interface AttemptError {
  /** The `code` of what was thrown (`'CARD_DECLINED'`, `'ECONNRESET'`), one of ours (`'STEP_TIMED_OUT'`), else `'STEP_FAILED'`. */
  readonly code: string;
  readonly message: string;
  /** What the handler threw; undefined when nothing was thrown: it took too long, or its result was rejected or did not come. */
  readonly cause: unknown;
}

export interface RetryContext<In = unknown> extends ReadContext<In> {
  /** Which attempt has failed; counts from 1. */
  readonly attempt: number;
}

/**
 * How often a step is tried. `attempts` includes the first try and defaults to 1: nothing is retried unless the author asks.
 * A `backoff` alone therefore retries nothing. The pause before the second attempt is `backoff` (default 1 s; `'15m'` or `'PT15M'`); it
 * grows as `growth` says (default `exponential`), up to `maxBackoff` (default 1 h). `jitter` (0 to 1) takes up to that share off each
 * pause at random. When the next attempt begins is written down with the failure, so no crash draws lots again.
 *
 * Which failures are retried: never a `TerminalError`, nor one whose code is in `giveUpOn`; with `retryOn` only those whose code is in it;
 * then `retryIf` is asked, when there is an attempt left. It is not async and changes nothing. One that throws ends the retrying.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- options without `retryIf`, or with one that reads no input, fit every flow
export interface RetryOptions<In = any> {
  readonly attempts?: number;
  readonly backoff?: DurationText;
  readonly growth?: BackoffGrowth;
  readonly maxBackoff?: DurationText;
  readonly jitter?: number;
  readonly retryOn?: readonly string[];
  readonly giveUpOn?: readonly string[];
  readonly retryIf?: (error: AttemptError, ctx: RetryContext<In>) => boolean;
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
  readonly growth: BackoffGrowth;
  readonly maxBackoffMs: number;
  readonly jitter: number;
  /** Null: whatever the code. */
  readonly retryOn: readonly string[] | null;
  readonly giveUpOn: readonly string[];
  readonly retryIf: ((error: AttemptError, ctx: RetryContext<never>) => boolean) | null;
}

export const NO_RETRY: RetryPolicy = {
  attempts: 1,
  backoffMs: 1_000,
  growth: 'exponential',
  maxBackoffMs: 3_600_000,
  jitter: 0,
  retryOn: null,
  giveUpOn: [],
  retryIf: null,
};

const GROWTHS: readonly unknown[] = ['exponential', 'linear', 'fixed'] satisfies BackoffGrowth[];

/** @throws StepwellError OPTION_INVALID for any other word */
export function onExhausted(word: OnExhausted | undefined, where: string): OnExhausted | undefined {
  if (word === undefined || word === 'fail' || word === 'park') return word;
  throw new StepwellError('OPTION_INVALID', { where, reason: `onExhausted is ${JSON.stringify(word)}; it is 'fail' or 'park'.` });
}

/** @throws StepwellError OPTION_INVALID, naming the option and what it takes */
export function retryPolicy(options: RetryOptions | undefined, where: string): RetryPolicy {
  if (!options) return NO_RETRY;
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where, reason });
  const { attempts, growth, jitter, retryIf } = { ...NO_RETRY, ...options };
  if (!Number.isInteger(attempts) || attempts < 1)
    throw refuse(`retry.attempts is ${attempts}; it counts the first try too, so it is a whole number of at least 1.`);
  if (!GROWTHS.includes(growth)) throw refuse(`retry.growth is ${JSON.stringify(growth)}; it is 'exponential', 'linear' or 'fixed'.`);
  if (!(jitter >= 0 && jitter <= 1)) throw refuse(`retry.jitter is ${jitter}; it is a share from 0 to 1.`);
  if (retryIf !== null && typeof retryIf !== 'function')
    throw refuse('retry.retryIf is a function: (error, ctx) => error.code === "RATE_LIMITED".');
  const rule = (['retryOn', 'giveUpOn', 'retryIf'] as const).find((one) => options[one] !== undefined);
  if (attempts === 1 && rule)
    throw refuse(`retry.${rule} is never asked, because there is one attempt only. Set retry.attempts to 2 or more.`);
  const retryOn = codes(options.retryOn, 'retryOn', refuse);
  const giveUpOn = codes(options.giveUpOn, 'giveUpOn', refuse) ?? [];
  const both = giveUpOn.find((code) => retryOn?.includes(code));
  if (both !== undefined) throw refuse(`"${both}" stands in retry.retryOn and in retry.giveUpOn. Take it out of one of them.`);
  return {
    attempts,
    backoffMs: options.backoff === undefined ? NO_RETRY.backoffMs : parseDuration(options.backoff, `${where}, retry.backoff`),
    growth,
    maxBackoffMs:
      options.maxBackoff === undefined ? NO_RETRY.maxBackoffMs : parseDuration(options.maxBackoff, `${where}, retry.maxBackoff`),
    jitter,
    retryOn,
    giveUpOn,
    retryIf,
  };
}

function codes(list: unknown, option: string, refuse: (reason: string) => Error): readonly string[] | null {
  if (list === undefined) return null;
  const isCode = (code: unknown): code is string => typeof code === 'string' && code !== '';
  if (Array.isArray(list) && list.length > 0 && list.every(isCode)) return list;
  throw refuse(`retry.${option} is a list of error codes, such as ['RATE_LIMITED', 'ECONNRESET'].`);
}
