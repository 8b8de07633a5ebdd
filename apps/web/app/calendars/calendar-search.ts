// What the page of a calendar shows, as it stands in the address: /calendars/strike-office?year=2026&of=2bd&from=2026-12-23T15:00
import { wordOf } from '../list/search-words.js';
import { understood } from '../list/understood.js';

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
    ...(isLocalTime(from) ? { from } : {}),
  };
}

export function isYear(year: number): boolean {
  return Number.isInteger(year) && year >= YEARS.first && year <= YEARS.last;
}

/** Open days, hours or minutes; or plain time, as authors write it. */
export function isTimeSpan(text: string): boolean {
  const isIso = /^P(?=.)(?:\d+[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])+)?$/.test(text);
  return isIso || /^\d+\s*b[dhm]$/i.test(text) || /^(?:\d+|\d*\.\d+)\s*(?:ms|s|m|h|d|w)$/i.test(text);
}

/** A minute of the calendar's zone. */
export function isLocalTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return false;
  const at = Date.parse(`${text}Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && isYear(Number(text.slice(0, 4)));
}

export const CALENDAR_ADDRESS = understood(readCalendarSearch, { year: (word) => isYear(Number(word)), of: isTimeSpan, from: isLocalTime });
