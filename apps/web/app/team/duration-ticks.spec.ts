import { durationTicks } from './duration-ticks.js';

const HOUR = 3_600_000;

describe('the marks of an axis of durations', () => {
  it.each([
    [0, [0, 1_000]],
    [4_200, [0, 1_000, 2_000, 3_000, 4_000, 5_000]],
    [3 * HOUR, [0, HOUR, 2 * HOUR, 3 * HOUR]],
    [44 * HOUR, [0, 12 * HOUR, 24 * HOUR, 36 * HOUR, 48 * HOUR]],
    [300 * 24 * HOUR, [0, 60, 120, 180, 240, 300].map((days) => days * 24 * HOUR)],
  ])('up to %d ms are at even times', (longest, ticks) => {
    expect(durationTicks(longest)).toEqual(ticks);
  });
});
