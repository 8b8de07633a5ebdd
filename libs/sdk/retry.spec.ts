import { NO_RETRY, retryPolicy } from './retry.js';

describe('the retry policy', () => {
  it('tries once unless the author asks for more', () => {
    expect(retryPolicy(undefined, 'x')).toBe(NO_RETRY);
    expect(retryPolicy({}, 'x').attempts).toBe(1);
  });

  it('retries nothing for a backoff alone', () => {
    expect(retryPolicy({ backoff: '5s' }, 'x')).toEqual({ ...NO_RETRY, backoffMs: 5_000 });
  });

  it('takes every value an author gives, durations as text', () => {
    const retryIf = () => true;
    const rules = { retryOn: ['SLOW'], giveUpOn: ['DECLINED'], retryIf };
    expect(retryPolicy({ attempts: 3, backoff: 'PT1M', maxBackoff: '1h', growth: 'linear', jitter: 0.5, ...rules }, 'x')).toEqual({
      ...{ attempts: 3, backoffMs: 60_000, maxBackoffMs: 3_600_000, growth: 'linear', jitter: 0.5 },
      ...rules,
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
    [{ growth: 'double' as never }, `here: retry.growth is "double"; it is 'exponential', 'linear' or 'fixed'.`],
    [{ retryIf: () => true }, 'here: retry.retryIf is never asked, because there is one attempt only. Set retry.attempts to 2 or more.'],
    [{ attempts: 2, retryIf: 'SLOW' as never }, 'here: retry.retryIf is a function: (error, ctx) => error.code === "RATE_LIMITED".'],
    [{ attempts: 2, retryOn: [] }, "here: retry.retryOn is a list of error codes, such as ['RATE_LIMITED', 'ECONNRESET']."],
    [{ attempts: 2, giveUpOn: [402] as never }, "here: retry.giveUpOn is a list of error codes, such as ['RATE_LIMITED', 'ECONNRESET']."],
    [
      { attempts: 2, retryOn: ['A', 'B'], giveUpOn: ['B'] },
      'here: "B" stands in retry.retryOn and in retry.giveUpOn. Take it out of one of them.',
    ],
    [{ jitter: -0.1 }, 'here: retry.jitter is -0.1; it is a share from 0 to 1.'],
  ])('refuses %j at boot', (options, sentence) => {
    expect(() => retryPolicy(options, 'here')).toThrow(sentence);
  });
});
