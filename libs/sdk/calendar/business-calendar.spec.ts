import { DateTime } from 'luxon';
import { businessCalendar } from './business-calendar.js';
import { countedDays } from './counted-days.js';
import { timeSpan } from './time-span.js';

const at = (text: string, zone: string) => DateTime.fromISO(text, { zone }).toMillis();
const read = (millis: number, zone: string) =>
  DateTime.fromMillis(millis, { zone }).toISO({ suppressSeconds: true, suppressMilliseconds: true });

const BERLIN = businessCalendar({ zone: 'Europe/Berlin', holidays: { country: 'DE', state: 'BE' }, closed: ['2026-12-24'] });
const AROUND_THE_CLOCK = '00:00-24:00';
const everyDay = (hours: string) => ({ ...Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, hours])) }); // prettier-ignore

describe('business time', () => {
  it.each([
    // Within a day, over a night, over a weekend. 2026-03-05 is a Thursday.
    ['2026-03-05T10:00', '4bh', '2026-03-05T14:00+01:00'],
    ['2026-03-05T15:00', '4bh', '2026-03-06T11:00+01:00'],
    ['2026-03-06T15:00', '10bh', '2026-03-09T17:00+01:00'],
    ['2026-03-05T10:00', '90bm', '2026-03-05T11:30+01:00'],
    // To the end of the hours is today, not tomorrow morning.
    ['2026-03-06T13:00', '4bh', '2026-03-06T17:00+01:00'],
    // Days are counted, not rolled: three of them from Thursday are Tuesday.
    ['2026-03-05T10:00', '3bd', '2026-03-10T10:00+01:00'],
    // What begins while it is closed begins with the next opening.
    ['2026-03-07T12:00', '1bd', '2026-03-10T09:00+01:00'],
    ['2026-03-06T17:00', '1bd', '2026-03-10T09:00+01:00'],
    ['2026-03-06T05:00', '1bh', '2026-03-06T10:00+01:00'],
    ['2026-03-07T12:00', '0bh', '2026-03-09T09:00+01:00'],
    // Good Friday and Easter Monday; Christmas Eve by the calendar's own list; the state's own Women's Day on a Sunday harms nobody.
    ['2026-04-02T16:00', '2bh', '2026-04-07T10:00+02:00'],
    ['2026-12-23T16:00', '1bd', '2026-12-28T16:00+01:00'],
    // Over the change of the clock at 2026-03-29 and at 2026-10-25 the local time stays.
    ['2026-03-27T16:30', '1bd', '2026-03-30T16:30+02:00'],
    ['2026-10-23T16:30', '1bh', '2026-10-26T09:30+01:00'],
  ])('in Berlin, %s and %s is %s', (from, text, to) => {
    expect(read(timeSpan(text, BERLIN, 'here').end(at(from, 'Europe/Berlin')), 'Europe/Berlin')).toBe(to);
  });

  it.each([
    // New York loses 02:00 to 03:00 on 2026-03-08: the open day has 23 hours.
    ['America/New_York', '2026-03-08T00:00', '23bh', '2026-03-09T00:00-04:00'],
    ['America/New_York', '2026-03-07T12:00', '24bh', '2026-03-08T13:00-04:00'],
    // ... and has 01:00 to 02:00 twice on 2026-11-01.
    ['America/New_York', '2026-11-01T00:00', '25bh', '2026-11-02T00:00-05:00'],
    ['America/New_York', '2026-10-31T12:00', '1bd', '2026-11-01T12:00-05:00'],
    // Lord Howe Island moves by half an hour, on 2026-04-05; Kathmandu never, and is 5:45 ahead.
    ['Australia/Lord_Howe', '2026-04-05T00:00', '24bh', '2026-04-05T23:30+10:30'],
    ['Asia/Kathmandu', '2026-04-05T00:00', '24bh', '2026-04-06T00:00+05:45'],
    // In Santiago the day of 2026-09-06 begins at 01:00.
    ['America/Santiago', '2026-09-06T01:00', '23bh', '2026-09-07T00:00-03:00'],
  ])('in %s, open around the clock, %s and %s is %s', (zone, from, text, to) => {
    const calendar = businessCalendar({ zone, hours: everyDay(AROUND_THE_CLOCK) });
    const end = timeSpan(text, calendar, 'here').end(at(from, zone));
    // The end of a day is the beginning of the next.
    expect(read(end, zone)).toBe(to);
  });

  it('keeps a day within its hours: at lunch it is after lunch, and where the day is shorter, its end', () => {
    const zone = 'Asia/Tokyo';
    const calendar = businessCalendar({ zone, hours: { monday: '09:00-17:00', tuesday: ['08:00-12:00', '13:00-15:00'] } });
    const add = (from: string) => read(calendar.addOpenDays(at(from, zone), 1), zone);
    expect(add('2026-03-09T12:30')).toBe('2026-03-10T13:00+09:00');
    expect(add('2026-03-09T16:30')).toBe('2026-03-10T15:00+09:00');
    expect(add('2026-03-09T10:00')).toBe('2026-03-10T10:00+09:00');
    expect(read(calendar.addOpenTime(at('2026-03-10T11:00', zone), 2 * 3_600_000), zone)).toBe('2026-03-10T14:00+09:00');
  });

  it('shows a day with its hours and why it is closed, and a holiday that begins at sunset on the day that it has the noon of', () => {
    const christmas = at('2026-12-24T20:00', 'Europe/Berlin');
    expect([0, 1, 2, 4].map((offset) => BERLIN.day(christmas, offset))).toMatchObject([
      { date: '2026-12-24', openings: [], holiday: 'closed' },
      { date: '2026-12-25', openings: [], holiday: '1. Weihnachtstag' },
      { date: '2026-12-26', openings: [], holiday: null },
      { date: '2026-12-28', openings: [{ from: at('2026-12-28T09:00', 'Europe/Berlin') }], holiday: null },
    ]);
    expect([BERLIN.isOpen(christmas), BERLIN.isOpen(at('2026-12-28T09:00', 'Europe/Berlin'))]).toEqual([false, true]);
    const israel = businessCalendar({ zone: 'Asia/Jerusalem', hours: everyDay('09:00-17:00'), holidays: { country: 'IL' } });
    const holidays = [0, 1, 2, 3].map((offset) => israel.day(at('2026-09-11T10:00', 'Asia/Jerusalem'), offset).holiday !== null);
    expect(holidays).toEqual([false, true, true, false]);
  });

  it('knows days with hours of their own, holiday or not, and tells what of a year is unusual', () => {
    const zone = 'Europe/Berlin';
    const days = { '2026-12-24': '09:00-12:00', '2026-12-26': ['10:00-11:00'] };
    const calendar = businessCalendar({ zone, holidays: { country: 'DE' }, closed: ['2026-12-31'], days });
    const end = (text: string) => read(timeSpan(text, calendar, 'here').end(at('2026-12-23T16:00', zone)), zone);
    expect([end('4bh'), end('1bd'), end('2bd')]).toEqual(['2026-12-24T12:00+01:00', '2026-12-24T12:00+01:00', '2026-12-26T11:00+01:00']);
    expect(calendar.unusualDays(2026).slice(-4)).toMatchObject([
      { date: '2026-12-24', holiday: null, openings: [{ to: at('2026-12-24T12:00', zone) }] },
      { date: '2026-12-25', holiday: '1. Weihnachtstag', openings: [] },
      { date: '2026-12-26', holiday: '2. Weihnachtstag', openings: [{ from: at('2026-12-26T10:00', zone) }] },
      { date: '2026-12-31', holiday: null, openings: [] },
    ]);
  });

  it('explains day by day how a time comes to its end', () => {
    const counted = (text: string, from: string, most = 99) =>
      countedDays(timeSpan(text, BERLIN, 'here'), BERLIN, at(from, 'Europe/Berlin'), most).map(({ date, holiday, counted: part }) => [
        ...[date.slice(5), holiday, part],
      ]);
    const CHRISTMAS = [['12-24', 'closed', 0], ['12-25', '1. Weihnachtstag', 0], ['12-26', null, 0], ['12-27', null, 0]]; // prettier-ignore
    expect(counted('2bd', '2026-12-23T15:00')).toEqual([['12-23', null, 0], ...CHRISTMAS, ['12-28', null, 1], ['12-29', null, 1]]);
    expect(counted('4bh', '2026-12-23T15:00')).toEqual([['12-23', null, 2 * 3_600_000], ...CHRISTMAS, ['12-28', null, 2 * 3_600_000]]);
    expect(counted('1bd', '2026-12-26T12:00')).toEqual([...CHRISTMAS.slice(2), ['12-28', null, 0], ['12-29', null, 1]]);
    expect(counted('0bh', '2026-12-27T12:00')).toEqual([
      ['12-27', null, 0],
      ['12-28', null, 0],
    ]);
    expect(counted('10000bd', '2026-12-23T15:00', 3)).toHaveLength(3);
    expect(counted('36h', '2026-12-23T15:00')).toEqual([]);
  });

  it.each([
    [{ zone: 'Berlin' }, 'Business calendar, zone: "Berlin" is no zone. Write "Europe/Berlin".'],
    [{ zone: 'UTC', hours: '17:00-09:00' }, '"17:00-09:00" are no hours'],
    [{ zone: 'UTC', hours: ['09:00-12:00', '11:00-13:00'] }, 'two openings of a day overlap'],
    [{ zone: 'UTC', hours: {} }, 'no day of the week is open'],
    [{ zone: 'UTC', hours: { funday: '09:00-10:00' } as never }, '"funday" is no weekday'],
    [{ zone: 'UTC', closed: ['24.12.2026'] }, '"24.12.2026" is no date'],
    [{ name: 'office', zone: 'Berlin' }, 'Business calendar "office", zone: "Berlin" is no zone.'],
    [{ zone: 'UTC', days: { '24.12.': '09:00-12:00' } }, 'days: "24.12." is no date'],
    [{ zone: 'UTC', days: { '2026-12-24': '9-12' } }, 'days, 2026-12-24: "9-12" are no hours'],
    [{ zone: 'UTC', closed: ['2026-12-24'], days: { '2026-12-24': '09:00-12:00' } }, '"2026-12-24" is closed as well'],
    [{ zone: 'UTC', holidays: { country: 'ZZ' } }, 'no holidays are known of ZZ'],
    [{ zone: 'UTC', holidays: { country: 'DE', state: 'XX' } }, 'no holidays are known of DE, XX'],
  ])('refuses %j', (options, reason) => {
    expect(() => businessCalendar(options)).toThrow(reason);
  });

  it('refuses business time without a calendar, and more of it than anybody means', () => {
    expect(() => timeSpan('2bd', undefined, 'here')).toThrow('here: "2bd" is business time, and the workflow has no calendar.');
    expect(() => timeSpan('10001bd', BERLIN, 'here')).toThrow('longer than forty years');
    expect(() => timeSpan('1.5bd', BERLIN, 'here')).toThrow('is not a duration');
    expect(timeSpan('2d', undefined, 'here')).toMatchObject({ ms: 2 * 86_400_000, business: null });
  });
});
