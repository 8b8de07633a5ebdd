import { parseInstant } from './instant.js';

describe('an instant', () => {
  it.each([
    ['2026-03-01T08:00Z', Date.UTC(2026, 2, 1, 8)],
    [' 2026-03-01T08:00:00.250Z ', Date.UTC(2026, 2, 1, 8, 0, 0, 250)],
    ['2026-03-01T09:00+01:00', Date.UTC(2026, 2, 1, 8)],
    ['2026-03-01T03:00-0500', Date.UTC(2026, 2, 1, 8)],
    [new Date(1_000), 1_000],
  ])('is read from %s', (text, millis) => {
    expect(parseInstant(text, 'here')).toBe(millis);
  });

  it.each(['', 'tomorrow', '2026-02-30T08:00Z', '2026-13-01T08:00Z', '+012026-01-01T00:00Z', new Date(Number.NaN)])('is not %s', (text) => {
    expect(() => parseInstant(text, 'Workflow "order", wait "until"')).toThrow(/Workflow "order", wait "until".* is not an instant/);
  });

  it.each(['2026-03-01T08:00', '2026-03-01'])('needs its offset: %s', (text) => {
    expect(() => parseInstant(text, 'here')).toThrow(`has no offset`);
  });
});
