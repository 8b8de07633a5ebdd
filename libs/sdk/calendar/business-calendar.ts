/**
 * Business time: when an office is open, by zone, hours of the week and holidays, and what is so many of its days or hours later.
 *
 * An hour is an hour of open time as it passes: where the clock jumps within the opening, the day has one more or one less. A day is the
 * next open day at the same local time, kept within its hours. What begins while it is closed begins with the next opening.
 * Days are local dates throughout, so no zone and no jump of the clock moves one.
 */
import { StepwellError } from '@stepwell/contracts';
import { DateTime, IANAZone } from 'luxon';
import { type HolidayPlace, holidaysAt, type HolidaysOfYear } from './holidays.js';
import { type HoursText, type Opening, openingHours, type Weekday } from './opening-hours.js';

export interface CalendarOptions {
  /** IANA zone: `'Europe/Berlin'`. */
  readonly zone: string;
  /** Of Monday to Friday, or of each open weekday: `{ monday: ['08:00-12:00', '13:00-17:00'], saturday: '09:00-12:00' }`. Default `'09:00-17:00'`. */
  readonly hours?: HoursText | Readonly<Partial<Record<Weekday, HoursText>>>;
  /** The public holidays of a country, and of a state or region in it. Default: none. */
  readonly holidays?: HolidayPlace;
  /** More days on which it is closed: `['2026-12-24']`. */
  readonly closed?: readonly string[];
}

/** A day as people look at it. Instants are milliseconds since 1970. */
export interface CalendarDay {
  /** `'2026-12-25'`. */
  readonly date: string;
  /** None on a closed day; in their order. */
  readonly openings: readonly { readonly from: number; readonly to: number }[];
  /** Why it is closed on a weekday that is open otherwise. */
  readonly holiday: string | null;
}

/** Two years without an open day: nobody closes for so long, so a list of closed days is wrong. */
const LONGEST_PAUSE = 731;

/**
 * Makes a calendar, to be named by a workflow: `workflow('claims', { version: 1, calendar: office })`.
 *
 * @throws StepwellError OPTION_INVALID, naming the option and what it takes
 */
export function businessCalendar(options: CalendarOptions): BusinessCalendar {
  return new BusinessCalendar(options);
}

export class BusinessCalendar {
  readonly zone: string;
  private readonly week: readonly (readonly Opening[])[];
  private readonly closed: ReadonlySet<string>;
  private readonly holidaysIn: ((year: number) => HolidaysOfYear) | undefined;
  private readonly years = new Map<number, HolidaysOfYear>();

  constructor({ zone, hours = '09:00-17:00', holidays, closed = [] }: CalendarOptions) {
    if (!IANAZone.isValidZone(zone)) throw refused('zone', `"${zone}" is no zone. Write "Europe/Berlin".`);
    const bad = closed.find((date) => DateTime.fromISO(date).toISODate() !== date);
    if (bad !== undefined) throw refused('closed', `"${bad}" is no date. Write "2026-12-24".`);
    this.zone = zone;
    this.week = openingHours(hours, 'Business calendar, hours');
    this.holidaysIn = holidays && holidaysAt(holidays, 'Business calendar, holidays');
    this.closed = new Set(closed);
  }

  /** @param at milliseconds since 1970 */
  isOpen(at: number): boolean {
    return this.openingsOf(this.dayOf(at)).some(({ from, to }) => from <= at && at < to);
  }

  /** @returns `at` itself while it is open, else when it opens next */
  nextOpening(at: number): number {
    for (const { from, to } of this.openingsFrom(at)) if (at < to) return Math.max(at, from);
    throw neverOpen();
  }

  /** @returns when so much open time has passed since `at`; at the end of a day's hours it is that end, not the next morning */
  addOpenTime(at: number, millis: number): number {
    let left = millis;
    let last = this.nextOpening(at);
    if (left === 0) return last;
    for (const { from, to } of this.openingsFrom(at)) {
      if (to <= at) continue;
      last = Math.max(at, from) + left;
      if (last <= to) return last;
      left = last - to;
    }
    throw neverOpen();
  }

  /** @returns so many open days later, at the same local time or what of that day's hours comes next, at the latest its end */
  addOpenDays(at: number, days: number): number {
    const start = this.nextOpening(at);
    let day = this.dayOf(start);
    for (let left = days, closed = 0; left > 0;) {
      day = day.plus({ days: 1 });
      const isOpen = this.openingsOf(day).length > 0;
      closed = isOpen ? 0 : closed + 1;
      if (closed > LONGEST_PAUSE) throw neverOpen();
      if (isOpen) left -= 1;
    }
    const { hour, minute, second, millisecond } = DateTime.fromMillis(start, { zone: this.zone });
    const same = day.set({ hour, minute, second, millisecond }).toMillis();
    const openings = this.openingsOf(day);
    for (const { from, to } of openings) if (same <= to) return Math.max(same, from);
    return openings.at(-1)?.to ?? same;
  }

  /**
   * For people: a day with its hours.
   *
   * @param offset days after the local day of `at`
   */
  day(at: number, offset = 0): CalendarDay {
    const day = this.dayOf(at).plus({ days: offset });
    const date = day.toISODate() ?? '';
    const isWorkday = this.hoursOf(day).length > 0;
    const holiday = isWorkday ? (this.holidays(day.year).get(date) ?? (this.closed.has(date) ? 'closed' : null)) : null;
    return { date, openings: this.openingsOf(day), holiday };
  }

  /** @returns its openings between two instants, in their order; the first and the last may reach beyond them */
  openings(from: number, until: number): readonly Opening[] {
    const between: Opening[] = [];
    for (const opening of this.openingsFrom(from)) {
      if (opening.from >= until) break;
      if (opening.to > from) between.push(opening);
    }
    return between;
  }

  private *openingsFrom(at: number): Generator<Opening> {
    let day = this.dayOf(at);
    for (let closed = 0; closed <= LONGEST_PAUSE; day = day.plus({ days: 1 })) {
      const openings = this.openingsOf(day);
      closed = openings.length > 0 ? 0 : closed + 1;
      yield* openings;
    }
  }

  private openingsOf(day: DateTime): readonly Opening[] {
    const date = day.toISODate() ?? '';
    if (this.closed.has(date) || this.holidays(day.year).has(date)) return [];
    // By its own hour and minute: hours counted from midnight are others on a day on which the clock jumps.
    const instant = (minute: number) =>
      (minute === 24 * 60 ? day.plus({ days: 1 }) : day.set({ hour: Math.floor(minute / 60), minute: minute % 60 })).toMillis();
    return this.hoursOf(day).map(({ from, to }) => ({ from: instant(from), to: instant(to) }));
  }

  private hoursOf(day: DateTime): readonly Opening[] {
    return this.week[day.weekday - 1] ?? [];
  }

  private holidays(year: number): HolidaysOfYear {
    let known = this.years.get(year);
    if (!known) this.years.set(year, (known = this.holidaysIn?.(year) ?? new Map()));
    return known;
  }

  private dayOf(at: number): DateTime {
    return DateTime.fromMillis(at, { zone: this.zone }).startOf('day');
  }
}

function refused(option: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where: `Business calendar, ${option}`, reason });
}

function neverOpen(): StepwellError {
  return refused('closed', 'it is closed for two years on end.');
}
