import { StepwellError } from '@stepwell/contracts';
import { type DurationText, parseDuration } from '../duration.js';
import type { BusinessCalendar } from './business-calendar.js';

/**
 * A duration, or one in business time by the workflow's calendar: `'2bd'` (open days), `'4bh'` (open hours), `'30bm'` (open minutes).
 */
export type TimeSpanText = DurationText;

export interface TimeSpan {
  /** As it was written, where it is in business time. */
  readonly business: string | null;
  /** Where it is the same at any time. */
  readonly ms: number | null;
  /** It is counted in open days; all other times in milliseconds. */
  readonly isInDays: boolean;
  /** How much of that. */
  readonly amount: number;
  /** When it is over that begins at `now`; milliseconds since 1970. Business time that takes more than `mostDays` is refused (OPTION_INVALID). */
  readonly end: (now: number, mostDays?: number) => number;
}

const UNITS = { d: 'days', h: 3_600_000, m: 60_000 } as const;
/** Some forty years of open days; an hour is an eighth of one. More is a slip. */
const MOST = { d: 10_000, h: 80_000, m: 4_800_000 } as const;

/**
 * @param calendar the workflow's
 * @param where named in the error
 * @throws StepwellError OPTION_INVALID for what is no duration, and for business time in a workflow that has no calendar
 */
export function timeSpan(text: TimeSpanText, calendar: BusinessCalendar | undefined, where: string): TimeSpan {
  const [, digits, unit] = /^\s*(\d+)\s*b([dhm])\s*$/i.exec(text) ?? [];
  if (digits === undefined || unit === undefined) {
    const ms = parseDuration(text, where);
    return { business: null, ms, isInDays: false, amount: ms, end: (now) => now + ms };
  }
  if (!calendar)
    throw refused(where, `"${text}" is business time, and the workflow has no calendar. Give it one: calendar: businessCalendar({ zone: 'Europe/Berlin' }).`); // prettier-ignore
  const of = unit.toLowerCase() as keyof typeof UNITS;
  const count = Number(digits);
  if (count > MOST[of]) throw refused(where, `"${text}" is longer than forty years of business time.`);
  const size = UNITS[of];
  const isInDays = size === 'days';
  const amount = isInDays ? count : count * size;
  const end = (now: number, mostDays?: number) =>
    isInDays ? calendar.addOpenDays(now, amount, mostDays) : calendar.addOpenTime(now, amount, mostDays);
  return { business: text.trim(), ms: null, isInDays, amount, end };
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
