import type { RetryPolicy } from '@stepwell/sdk';
import type { StepFault } from '../facts/step-fault.js';

/**
 * When the next attempt begins: `backoff * 2^(attempt - 1)`, capped, less up to `jitter` of it; never before what the fault asks for.
 *
 * @param attempt which try has just failed, counting from 1
 * @param now milliseconds since 1970
 * @param random from 0 to 1
 * @returns milliseconds since 1970, or null when there is no further attempt
 */
export function nextAttemptAt(policy: RetryPolicy, fault: StepFault, attempt: number, now: number, random: number): number | null {
  if (!fault.retryable || attempt >= policy.attempts) return null;
  const pause = Math.min(policy.backoffMs * 2 ** (attempt - 1), policy.maxBackoffMs) * (1 - policy.jitter * random);
  return now + Math.max(Math.round(pause), fault.retryAfterMs ?? 0);
}
