import { parseInstant, utcInstant } from './instant.js';

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

  it('of a request is written as the database takes it, or is none', () => {
    const read = ['2026-03-01T09:00+01:00', '0001-01-01T00:00Z', '9999-12-31T23:59:59.999999999Z'].map(utcInstant);
    expect(read).toEqual(['2026-03-01T08:00:00.000Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']);
    const none = ['1', '2026-03-01', '2026-03-01T12:00', '2026-02-30T12:00Z', '0001-01-01T00:00+01:00', '+012026-01-01T00:00Z', 5, null];
    expect(none.map(utcInstant)).toEqual(none.map(() => undefined));
  });
});
