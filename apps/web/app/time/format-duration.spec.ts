import { formatDuration, formatRelative } from './format-duration.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [340, '340 ms'],
    [2_400, '2.4 s'],
    [3_000, '3 s'],
    [42_000, '42 s'],
    [3 * MINUTE + 20_000, '3 min 20 s'],
    [5 * MINUTE, '5 min'],
    [5 * HOUR + 2 * MINUTE, '5 h 2 min'],
    [12 * DAY + 4 * HOUR + 59 * MINUTE, '12 d 4 h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatRelative', () => {
  it.each([
    [0, 'now'],
    [-43_000, '40 s ago'],
    [-3 * MINUTE, '3 min ago'],
    [90 * MINUTE, 'in 1 h'],
    [-47 * HOUR, '47 h ago'],
    [-3 * DAY, '3 d ago'],
    [3 * DAY - MINUTE, 'in 2 d 23 h'],
  ])('writes a distance of %d ms as %s', (distance, text) => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(formatRelative(now + distance, now)).toBe(text);
  });
});
