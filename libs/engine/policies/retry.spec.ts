import { type RetryOptions, retryPolicy } from '@stepwell/sdk';
import { nextAttemptAt } from './retry.js';

const fault = { code: 'STEP_FAILED', message: 'no', retryable: true };
const policy = retryPolicy({ attempts: 10, backoff: '1s', maxBackoff: '1m' }, 'here');

describe('when the next attempt begins', () => {
  it('doubles from one attempt to the next, up to the maximum', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => nextAttemptAt(policy, fault, attempt, 0, 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it.each([
    ['linear', [1_000, 2_000, 3_000, 4_000]],
    ['fixed', [1_000, 1_000, 1_000, 1_000]],
  ] as const)('grows as the author says (%s)', (growth, pauses) => {
    expect([1, 2, 3, 4].map((attempt) => nextAttemptAt({ ...policy, growth }, fault, attempt, 0, 0))).toEqual(pauses);
  });

  it('is never for a code to give up on, nor for one that is not among those to retry on', () => {
    const next = (rules: RetryOptions, code: string) =>
      nextAttemptAt(retryPolicy({ attempts: 2, ...rules }, 'here'), { ...fault, code }, 1, 0, 0);
    expect(next({ giveUpOn: ['DECLINED'] }, 'DECLINED')).toBeNull();
    expect(next({ giveUpOn: ['DECLINED'] }, 'ECONNRESET')).toBe(1_000);
    expect(next({ retryOn: ['ECONNRESET'] }, 'ECONNRESET')).toBe(1_000);
    expect(next({ retryOn: ['ECONNRESET'] }, 'DECLINED')).toBeNull();
  });

  it('is never when the attempts are used up, counting the first', () => {
    expect(nextAttemptAt(policy, fault, 9, 0, 0)).not.toBeNull();
    expect(nextAttemptAt(policy, fault, 10, 0, 0)).toBeNull();
    expect(nextAttemptAt(retryPolicy(undefined, 'here'), fault, 1, 0, 0)).toBeNull();
  });

  it('is never for a fault that no attempt can mend', () => {
    expect(nextAttemptAt(policy, { ...fault, retryable: false }, 1, 0, 0)).toBeNull();
  });

  it('takes up to the given share off by chance', () => {
    const jittered = { ...policy, jitter: 0.5 };
    expect([0, 0.5, 1].map((random) => nextAttemptAt(jittered, fault, 1, 0, random))).toEqual([1_000, 750, 500]);
  });

  it('is not before what the fault asks for', () => {
    expect(nextAttemptAt(policy, { ...fault, retryAfterMs: 90_000 }, 1, 500, 0)).toBe(90_500);
    expect(nextAttemptAt(policy, { ...fault, retryAfterMs: 10 }, 1, 500, 0)).toBe(1_500);
  });
});
