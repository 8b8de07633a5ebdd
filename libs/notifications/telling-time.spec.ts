import { type TellingTimes, tellingTime } from './telling-time.js';

const AT_ONCE: TellingTimes = { rhythm: 'at-once', dailyAt: '08:00', zone: 'Europe/Berlin', quietFrom: null, quietUntil: null };

const told = (times: Partial<TellingTimes>, at: string): string => tellingTime({ ...AT_ONCE, ...times }, new Date(at)).toISOString();

describe('somebody is told', () => {
  it('at once', () => {
    expect(told({}, '2026-01-05T10:20:30Z')).toBe('2026-01-05T10:20:30.000Z');
  });

  it('at the next full hour of an hourly digest', () => {
    expect(told({ rhythm: 'hourly' }, '2026-01-05T10:20:30Z')).toBe('2026-01-05T11:00:00.000Z');
    expect(told({ rhythm: 'hourly', zone: 'Asia/Kathmandu' }, '2026-01-05T10:10:00Z')).toBe('2026-01-05T10:15:00.000Z');
  });

  it('at the time of a daily digest in their own zone, in summer as in winter', () => {
    expect(told({ rhythm: 'daily' }, '2026-01-05T06:59:00Z')).toBe('2026-01-05T07:00:00.000Z');
    expect(told({ rhythm: 'daily' }, '2026-01-05T07:00:00Z')).toBe('2026-01-06T07:00:00.000Z');
    expect(told({ rhythm: 'daily' }, '2026-03-28T08:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
  });

  it('once a day, also on the day whose clocks jump over its time', () => {
    expect(told({ rhythm: 'daily', dailyAt: '02:30' }, '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(told({ rhythm: 'daily', dailyAt: '02:30' }, '2026-03-29T01:30:00Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  it.each([
    ['21:59', '2026-01-05T20:59:00Z', '2026-01-05T20:59:00.000Z'],
    ['22:00', '2026-01-05T21:00:00Z', '2026-01-06T06:00:00.000Z'],
    ['03:00', '2026-01-06T02:00:00Z', '2026-01-06T06:00:00.000Z'],
    ['07:00', '2026-01-06T06:00:00Z', '2026-01-06T06:00:00.000Z'],
  ])('not in quiet hours over midnight: what happens at %s', (_clock, at, expected) => {
    expect(told({ quietFrom: '22:00', quietUntil: '07:00' }, at)).toBe(expected);
  });

  it('of a digest that falls into quiet hours when they are over', () => {
    expect(told({ rhythm: 'hourly', quietFrom: '12:00', quietUntil: '13:30' }, '2026-01-05T10:30:00Z')).toBe('2026-01-05T12:30:00.000Z');
  });
});
