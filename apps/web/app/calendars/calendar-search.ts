// What the page of a calendar shows, as it stands in the address: /calendars/strike-office?year=2026&of=2bd&from=2026-12-23T15:00
import { wordOf } from '../list/search-words.js';

export interface CalendarSearch {
  /** Absent: this one. */
  readonly year?: number;
  /** A time: `2bd`, `4bh`, `36h`. Absent: one business day. */
  readonly of?: string;
  /** When it begins, by the clock of the calendar's zone: `2026-12-23T15:00`. Absent: now. */
  readonly from?: string;
}

const YEARS = { first: 1970, last: 2100 };

export function readCalendarSearch(search: Readonly<Record<string, unknown>>): CalendarSearch {
  const year = Number(wordOf(search, 'year'));
  const [of, from] = [wordOf(search, 'of'), wordOf(search, 'from')];
  return {
    ...(isYear(year) ? { year } : {}),
    ...(of === '' ? {} : { of }),
    ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(from) ? { from } : {}),
  };
}

export function isYear(year: number): boolean {
  return Number.isInteger(year) && year >= YEARS.first && year <= YEARS.last;
}
