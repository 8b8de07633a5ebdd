import { NO_RETRY, retryPolicy } from './retry.js';

describe('the retry policy', () => {
  it('tries once unless the author asks for more', () => {
    expect(retryPolicy(undefined, 'x')).toBe(NO_RETRY);
    expect(retryPolicy({}, 'x').attempts).toBe(1);
  });

  it('retries nothing for a backoff alone', () => {
    expect(retryPolicy({ backoff: '5s' }, 'x')).toEqual({ attempts: 1, backoffMs: 5_000, maxBackoffMs: 3_600_000, jitter: 0 });
  });

  it('takes every value an author gives, durations as text', () => {
    expect(retryPolicy({ attempts: 3, backoff: 'PT1M', maxBackoff: '1h', jitter: 0.5 }, 'x')).toEqual({
      attempts: 3,
      backoffMs: 60_000,
      maxBackoffMs: 3_600_000,
      jitter: 0.5,
    });
  });

  it.each([
    [{ attempts: 0 }, 'here: retry.attempts is 0; it counts the first try too, so it is a whole number of at least 1.'],
    [{ attempts: 1.5 }, 'here: retry.attempts is 1.5; it counts the first try too, so it is a whole number of at least 1.'],
    [{ attempts: Number.NaN }, 'here: retry.attempts is NaN; it counts the first try too, so it is a whole number of at least 1.'],
    [{ backoff: '-1s' }, 'here, retry.backoff: the duration "-1s" is negative.'],
    [{ backoff: 'soon' }, 'here, retry.backoff: "soon" is not a duration. Write "15m", "2h" or "PT15M".'],
    [{ maxBackoff: '-PT1S' }, 'here, retry.maxBackoff: the duration "-PT1S" is negative.'],
    [{ jitter: 2 }, 'here: retry.jitter is 2; it is a share from 0 to 1.'],
    [{ jitter: -0.1 }, 'here: retry.jitter is -0.1; it is a share from 0 to 1.'],
  ])('refuses %j at boot', (options, sentence) => {
    expect(() => retryPolicy(options, 'here')).toThrow(sentence);
  });
});
