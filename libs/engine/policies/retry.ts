import type { ReadContext, RetryContext, RetryPolicy } from '@stepwell/sdk';
import type { StepFault } from '../facts/step-fault.js';

/**
 * When the next attempt begins: `backoff`, grown, capped, less up to `jitter` of it; never before what the fault asks for.
 *
 * @param attempt which try has just failed, counting from 1
 * @param now milliseconds since 1970
 * @param random from 0 to 1
 * @returns milliseconds since 1970, or null when there is no further attempt
 */
export function nextAttemptAt(policy: RetryPolicy, fault: StepFault, attempt: number, now: number, random: number): number | null {
  if (!fault.retryable || attempt >= policy.attempts) return null;
  if (policy.giveUpOn.includes(fault.code) || policy.retryOn?.includes(fault.code) === false) return null;
  const pause = Math.min(policy.backoffMs * GROWTH[policy.growth](attempt), policy.maxBackoffMs) * (1 - policy.jitter * random);
  return now + Math.max(Math.round(pause), fault.retryAfterMs ?? 0);
}

const GROWTH: Readonly<Record<RetryPolicy['growth'], (attempt: number) => number>> = {
  exponential: (attempt) => 2 ** (attempt - 1),
  linear: (attempt) => attempt,
  fixed: () => 1,
};

/**
 * The fault as it is to be recorded, after the author's `retryIf` has been asked. Author code: called where attempts are evaluated, never
 * while deciding.
 *
 * @param cause what was thrown; undefined when nothing was
 * @param attempt the number of the attempt
 */
export function ruledOn(policy: RetryPolicy, fault: StepFault, cause: unknown, read: ReadContext<never>, attempt: number): StepFault {
  if (!policy.retryIf || !fault.retryable) return fault;
  try {
    const ctx = Object.create(read, { attempt: { value: attempt } }) as RetryContext<never>;
    if (policy.retryIf({ code: fault.code, message: fault.message, cause }, ctx)) return fault;
    return { ...fault, retryable: false };
  } catch (error) {
    return { ...fault, message: `${fault.message} (Not retried, because retryIf threw: ${String(error)})`, retryable: false };
  }
}
