import { type PeriodRequest, teamPeriod } from './team-period.js';

const NOW = Date.parse('2026-10-27T12:00:00Z');
const berlin = (more: Omit<PeriodRequest, 'zone'>) => teamPeriod({ zone: 'Europe/Berlin', ...more }, NOW);
const iso = (at: Date | undefined) => at?.toISOString();

describe('the period of a report', () => {
  it('is so many local days with today as the last, up to now; on the day that the clock changes it is an hour longer', () => {
    const { dates, starts, until, dayEnd } = berlin({ days: 3 });
    expect(dates).toEqual(['2026-10-25', '2026-10-26', '2026-10-27']);
    expect(starts.map(iso)).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z', '2026-10-26T23:00:00.000Z']);
    expect([iso(until), iso(dayEnd)]).toEqual(['2026-10-27T12:00:00.000Z', '2026-10-27T23:00:00.000Z']);
    expect(berlin({ days: 366 }).dates).toHaveLength(366);
  });

  it('is from one day to another, both included, and ends with now when that is later', () => {
    const past = berlin({ from: '2026-10-24', to: '2026-10-25' });
    expect([past.dates, iso(past.until)]).toEqual([['2026-10-24', '2026-10-25'], '2026-10-25T23:00:00.000Z']);
    const future = berlin({ from: '2026-10-27', to: '2026-12-31' });
    expect([future.dates, future.until.getTime()]).toEqual([['2026-10-27'], NOW]);
  });

  it.each([
    [{ zone: 'Berlin', days: 7 }, 'period.zone: "Berlin" is no zone'],
    [{ zone: 'UTC' }, 'period: name its days, or from and to.'],
    [{ zone: 'UTC', from: '2026-10-01' }, 'period: name its days, or from and to.'],
    [{ zone: 'UTC', days: 7, from: '2026-10-01' }, 'and not both'],
    [{ zone: 'UTC', days: 0 }, 'period.days: 0 is no number from 1 to 366'],
    [{ zone: 'UTC', days: 367 }, 'period.days: 367 is no number'],
    [{ zone: 'UTC', from: '2026-10-32', to: '2026-11-01' }, 'period.from: "2026-10-32" is no date'],
    [{ zone: 'UTC', from: '2026-10-02', to: '2026-10-01' }, '2026-10-01 is before 2026-10-02'],
    [{ zone: 'UTC', from: '2026-10-28', to: '2026-10-29' }, '2026-10-28 is still to come'],
    [{ zone: 'UTC', from: '2025-10-01', to: '2026-10-27' }, 'it has 392 days, and at most 366'],
  ])('is refused as %j', (request, reason) => {
    expect(() => teamPeriod(request, NOW)).toThrow(reason);
  });
});
