const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps that read well, in milliseconds. */
const STEPS = [
  1_000,
  5_000,
  15_000,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
];
const MOST_TICKS = 5;

/** Where an axis of durations has its marks: at full hours or days, say, from 0 to beyond the longest. */
export function durationTicks(longestMs: number): readonly number[] {
  const step = STEPS.find((one) => longestMs <= one * MOST_TICKS) ?? Math.ceil(longestMs / MOST_TICKS / DAY) * DAY;
  return Array.from({ length: Math.max(1, Math.ceil(longestMs / step)) + 1 }, (_, place) => place * step);
}
