/**
 * Business time: when an office is open, by zone, hours of the week and holidays, and what is so many of its days or hours later.
 *
 * An hour is an hour of open time as it passes: where the clock jumps within the opening, the day has one more or one less. A day is the
 * next open day at the same local time, kept within its hours. What begins while it is closed begins with the next opening.
 * Days are local dates throughout, so no zone and no jump of the clock moves one.
 */
import { StepwellError } from '@stepwell/contracts';
import { DateTime, IANAZone } from 'luxon';
import { checkId } from '../check-id.js';
import { type HolidayPlace, holidaysAt, type HolidaysOfYear } from './holidays.js';
import { type HoursText, type Opening, openingHours, openingsOfDay, type Weekday } from './opening-hours.js';
import { dateOf, dayOfDate, weekdayOf, ZoneClock } from './zone-clock.js';

export interface CalendarOptions {
  /** For one that several workflows share: unique in the installation, what pages and errors call it. Without one it is its workflow's own. */
  readonly name?: string;
  /** IANA zone: `'Europe/Berlin'`. */
  readonly zone: string;
  /** Of Monday to Friday, or of each open weekday: `{ monday: ['08:00-12:00', '13:00-17:00'], saturday: '09:00-12:00' }`. Default `'09:00-17:00'`. */
  readonly hours?: HoursText | Readonly<Partial<Record<Weekday, HoursText>>>;
  /** The public holidays of a country, and of a state or region in it. Default: none. */
  readonly holidays?: HolidayPlace;
  /** More days on which it is closed: `['2026-12-24']`. */
  readonly closed?: readonly string[];
  /** Days with hours of their own, holiday or not: `{ '2026-12-24': '08:00-12:00' }`. */
  readonly days?: Readonly<Record<string, HoursText>>;
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

/** A day that is not as its weekday is otherwise: a public holiday, a closed day, or one with hours of its own. */
export interface UnusualDay {
  /** `'2026-12-25'`. */
  readonly date: string;
  /** The name of the holiday; a closed weekend may have one, too. */
  readonly holiday: string | null;
  /** Its own hours; none when it is closed. */
  readonly openings: CalendarDay['openings'];
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
  readonly name: string | null;
  readonly zone: string;
  /** Seven days, Monday first, in minutes of the local day. */
  readonly week: readonly (readonly Opening[])[];
  readonly place: HolidayPlace | null;
  private readonly clock: ZoneClock;
  private readonly closed: ReadonlySet<string>;
  private readonly ownHours: ReadonlyMap<string, readonly Opening[]>;
  private readonly holidaysIn: ((year: number) => HolidaysOfYear) | undefined;
  private readonly years = new Map<number, HolidaysOfYear>();

  constructor({ name, zone, hours = '09:00-17:00', holidays, closed = [], days = {} }: CalendarOptions) {
    const where = name === undefined ? 'Business calendar' : `Business calendar "${checkId(name)}"`;
    const refuse = (option: string, reason: string) => refused(`${where}, ${option}`, reason);
    const checkDate = (date: string, option: string) => {
      if (DateTime.fromISO(date).toISODate() !== date) throw refuse(option, `"${date}" is no date. Write "2026-12-24".`);
    };
    if (!IANAZone.isValidZone(zone)) throw refuse('zone', `"${zone}" is no zone. Write "Europe/Berlin".`);
    for (const date of closed) checkDate(date, 'closed');
    for (const date of Object.keys(days)) {
      checkDate(date, 'days');
      if (closed.includes(date)) throw refuse('days', `"${date}" is closed as well. Take it out of one of the two.`);
    }
    this.name = name ?? null;
    this.zone = zone;
    this.clock = new ZoneClock(zone);
    this.week = openingHours(hours, `${where}, hours`);
    this.place = holidays ?? null;
    this.holidaysIn = holidays && holidaysAt(holidays, `${where}, holidays`);
    this.closed = new Set(closed);
    this.ownHours = new Map(Object.entries(days).map(([date, text]) => [date, openingsOfDay(text, `${where}, days, ${date}`)]));
  }

  /** @returns in what its definition is another one; nothing when both count alike */
  differsFrom(other: BusinessCalendar): readonly string[] {
    const [one, two] = [this.definition(), other.definition()];
    return Object.keys(one).filter((option) => JSON.stringify(one[option]) !== JSON.stringify(two[option]));
  }

  /** @param at milliseconds since 1970 */
  isOpen(at: number): boolean {
    return this.openingsOf(this.clock.dayOf(at)).some(({ from, to }) => from <= at && at < to);
  }

  /** @returns `at` itself while it is open, else when it opens next */
  nextOpening(at: number): number {
    for (const { from, to } of this.openingsFrom(at)) if (at < to) return Math.max(at, from);
    throw neverOpen();
  }

  /**
   * @param mostDays a time that is over later than so many days after the day of `at` is refused
   * @returns when so much open time has passed since `at`; at the end of a day's hours it is that end, not the next morning
   * @throws StepwellError OPTION_INVALID
   */
  addOpenTime(at: number, millis: number, mostDays = Infinity): number {
    let left = millis;
    let last = this.nextOpening(at);
    if (left === 0) return last;
    for (const { from, to } of this.openingsFrom(at, mostDays)) {
      if (to <= at) continue;
      last = Math.max(at, from) + left;
      if (last <= to) return last;
      left = last - to;
    }
    throw neverOpen();
  }

  /**
   * @param mostDays a time that is over later than so many days after the first open one is refused
   * @returns so many open days later, at the same local time or what of that day's hours comes next, at the latest its end
   * @throws StepwellError OPTION_INVALID
   */
  addOpenDays(at: number, days: number, mostDays = Infinity): number {
    const start = this.nextOpening(at);
    let day = this.clock.dayOf(start);
    const last = day + mostDays;
    for (let left = days, closed = 0; left > 0;) {
      if (day >= last) throw tooLong(mostDays);
      const isOpen = this.hoursOf(++day).length > 0;
      closed = isOpen ? 0 : closed + 1;
      if (closed > LONGEST_PAUSE) throw neverOpen();
      if (isOpen) left -= 1;
    }
    const same = this.clock.instant(day, this.clock.timeOf(start));
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
    const day = this.clock.dayOf(at) + offset;
    const date = dateOf(day);
    const isClosed = this.hoursOf(day).length === 0 && this.weekdayHours(day).length > 0;
    return { date, openings: this.openingsOf(day), holiday: isClosed ? (this.holidaysOf(date).get(date) ?? 'closed') : null };
  }

  /** For people: what of a year is not as its weekdays are, in the order of the days. */
  unusualDays(year: number): readonly UnusualDay[] {
    const holidays = this.holidaysOf(`${year}-01-01`);
    const dates = [...holidays.keys(), ...this.closed, ...this.ownHours.keys()].filter((date) => date.startsWith(`${year}-`));
    return [...new Set(dates)]
      .sort()
      .map((date) => ({ date, holiday: holidays.get(date) ?? null, openings: this.openingsOf(dayOfDate(date)) }));
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

  private *openingsFrom(at: number, mostDays = Infinity): Generator<Opening> {
    let day = this.clock.dayOf(at);
    const last = day + mostDays;
    for (let closed = 0; closed <= LONGEST_PAUSE; day++) {
      if (day > last) throw tooLong(mostDays);
      const openings = this.openingsOf(day);
      closed = openings.length > 0 ? 0 : closed + 1;
      yield* openings;
    }
  }

  /** As instants. One of which the clock leaves out all is none. */
  private openingsOf(day: number): readonly Opening[] {
    const instant = (minute: number) => this.clock.instant(day, minute * 60_000);
    return this.hoursOf(day).map(({ from, to }) => ({ from: instant(from), to: instant(to) })).filter(({ from, to }) => from < to); // prettier-ignore
  }

  private hoursOf(day: number): readonly Opening[] {
    const date = dateOf(day);
    const own = this.ownHours.get(date);
    if (own) return own;
    return this.closed.has(date) || this.holidaysOf(date).has(date) ? [] : this.weekdayHours(day);
  }

  private weekdayHours(day: number): readonly Opening[] {
    return this.week[weekdayOf(day)] ?? [];
  }

  /** Of the year of a date. */
  private holidaysOf(date: string): HolidaysOfYear {
    const year = Number(date.slice(0, 4));
    let known = this.years.get(year);
    if (!known) this.years.set(year, (known = this.holidaysIn?.(year) ?? new Map()));
    return known;
  }

  private definition(): Readonly<Record<string, unknown>> {
    const { country, state = null, region = null } = this.place ?? {};
    return {
      ...{ zone: this.zone, hours: this.week, holidays: this.place && [country, state, region] },
      ...{ closed: [...this.closed].sort(), days: [...this.ownHours].sort(([a], [b]) => (a < b ? -1 : 1)) },
    };
  }
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}

function tooLong(mostDays: number): StepwellError {
  return refused('Business time', `it is over more than ${mostDays.toLocaleString('en')} days later. Ask for less of it.`);
}

function neverOpen(): StepwellError {
  return refused('Business calendar, closed', 'it is closed for two years on end.');
}
