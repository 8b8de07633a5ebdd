import { parseDuration } from './duration.js';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['1s', 1_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    [' 15m ', 900_000],
    ['PT15M', 900_000],
    ['P1D', 86_400_000],
    ['P1M', 30 * 86_400_000],
    ['PT0.5S', 500],
    ['0s', 0],
  ])('%j is %d ms', (text, millis) => {
    expect(parseDuration(text, 'here')).toBe(millis);
  });

  it.each(['', ' ', 'soon', '15 parsecs', 'P', 'PTX', 'Infinity', '1m30', '250', 'PT'])('%j is none', (text) => {
    expect(() => parseDuration(text, 'here')).toThrow(`here: "${text}" is not a duration. Write "15m", "2h" or "PT15M".`);
  });

  it.each(['-1s', '-PT1S', 'P-1D'])('%j is negative', (text) => {
    expect(() => parseDuration(text, 'here')).toThrow(`here: the duration "${text}" is negative.`);
  });

  it.each(['101y', 'P101Y', '999999999999y'])('%j is longer than a century', (text) => {
    expect(() => parseDuration(text, 'here')).toThrow(`here: the duration "${text}" is longer than a century.`);
  });
});
