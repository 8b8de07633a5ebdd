import Holidays from 'date-holidays';
import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { type BusinessCalendar, businessCalendar } from './business-calendar.js';
import { countedDays } from './counted-days.js';
import { timeSpan } from './time-span.js';
import { DAY_MS } from './zone-clock.js';

const { jest } = import.meta;
const RUNS = { numRuns: 60 };
/** Two jumps of the clock in each zone that has them, and years with and without a leap day. */
const instants = fc.integer({ min: Date.parse('2027-01-01T00:00Z') / 60_000, max: Date.parse('2028-12-31T00:00Z') / 60_000 }).map((minute) => minute * 60_000); // prettier-ignore
const amounts = fc.integer({ min: 1, max: 3_000 }).map((minutes) => minutes * 60_000);
const MONDAY = Date.parse('2027-01-04T10:00Z');
const everyDay = (hours: string[]) => Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, hours])); // prettier-ignore

/** Office hours, and such as begin or end within the hours that a jump of the clock leaves out. */
const CALENDARS = [
  businessCalendar({ zone: 'Europe/Berlin', holidays: { country: 'DE', state: 'BE' }, days: { '2027-12-24': '09:00-12:00' } }),
  businessCalendar({ zone: 'America/New_York', hours: everyDay(['00:00-02:30', '03:00-24:00']), holidays: { country: 'US' } }),
  businessCalendar({ zone: 'Australia/Lord_Howe', hours: everyDay(['01:00-02:10', '02:20-02:30', '02:30-06:00']) }),
  businessCalendar({ zone: 'America/Santiago', hours: everyDay(['00:00-00:30', '00:45-01:00', '22:00-24:00']) }),
  businessCalendar({ zone: 'Asia/Kathmandu', hours: { sunday: '10:00-17:00', monday: ['08:00-12:00', '13:00-17:00'] } }),
];

const openBetween = (calendar: BusinessCalendar, from: number, until: number) =>
  calendar.openings(from, until).reduce((sum, one) => sum + Math.min(one.to, until) - Math.max(one.from, from), 0);
const isWithinHours = (calendar: BusinessCalendar, at: number) =>
  calendar.openings(at - 1, at + 1).some(({ from, to }) => from <= at && at <= to);
const check = (property: fc.IRawProperty<unknown, false>) => fc.assert(property, RUNS);

describe.each(CALENDARS.map((calendar) => [calendar.zone, calendar] as const))('in %s', (zone, calendar) => {
  it('exactly so much open time passes until a time in hours is over, within the hours', () =>
    check(
      fc.property(instants, amounts, (at, amount) => {
        const end = calendar.addOpenTime(at, amount);
        expect([openBetween(calendar, at, end), isWithinHours(calendar, end)]).toEqual([amount, true]);
      }),
    ));

  it('two times one after the other are one, and what begins later or is longer is not over earlier', () =>
    check(
      fc.property(instants, amounts, amounts, (at, one, two) => {
        const both = calendar.addOpenTime(at, one + two);
        expect(calendar.addOpenTime(calendar.addOpenTime(at, one), two)).toBe(both);
        expect(calendar.addOpenTime(at, one)).toBeLessThan(both);
        expect(calendar.addOpenTime(at + two, one)).toBeGreaterThanOrEqual(calendar.addOpenTime(at, one));
      }),
    ));

  it('a time in days is over within the hours of the day to which the explanation counts, and no later start overtakes it', () =>
    check(
      fc.property(instants, amounts, fc.integer({ min: 1, max: 40 }), (at, later, count) => {
        const end = calendar.addOpenDays(at, count);
        const days = countedDays(timeSpan(`${count}bd`, calendar, 'here'), calendar, at, 400);
        expect([isWithinHours(calendar, end), days.reduce((sum, { counted }) => sum + counted, 0)]).toEqual([true, count]);
        // The end of a day that is open until midnight is the beginning of the next.
        const dates = [end - 1, end].map((instant) => DateTime.fromMillis(instant, { zone }).toISODate());
        expect(dates).toContain(days.at(-1)?.date);
        expect(calendar.addOpenDays(at + later, count)).toBeGreaterThanOrEqual(end);
      }),
    ));
});

it('the longest time looks at the zone once a day at most, and asks for the holidays of a year once', () => {
  const calendar = businessCalendar({ zone: 'Europe/Berlin', holidays: { country: 'DE' } });
  const looks = jest.spyOn(IANAZone.prototype, 'offset');
  const asks = jest.spyOn(Holidays.prototype, 'getHolidays');
  const costOf = (text: string) => {
    looks.mockClear();
    asks.mockClear();
    const days = (timeSpan(text, calendar, 'here').end(MONDAY) - MONDAY) / DAY_MS;
    return { looksPerDay: looks.mock.calls.length / days, asks: asks.mock.calls.length };
  };
  // Those of the holidays themselves.
  expect(costOf('10000bd').looksPerDay).toBeLessThan(0.5);
  expect(costOf('80000bh')).toEqual({ looksPerDay: expect.closeTo(1, 1) as number, asks: 0 });
});
