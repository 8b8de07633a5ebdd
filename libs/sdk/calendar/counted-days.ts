/** How a time in business time comes to its end, told day by day: for people who wonder why it is due when it is. */
import type { BusinessCalendar, CalendarDay } from './business-calendar.js';
import type { TimeSpan } from './time-span.js';

export interface CountedDay extends CalendarDay {
  /** What of the time falls on it: milliseconds of open time, or of a time in days 1. On a day that is passed over it is 0. */
  readonly counted: number;
}

/**
 * From the local day on which the time begins to that on which it is over. The day on which it begins to count is none of a time in days.
 *
 * @param span in business time; plain time passes over nothing
 * @param from milliseconds since 1970
 * @param most so many days at most: one who asks for more than a page of them is not going to read them
 */
export function countedDays(
  { business, isInDays, amount }: TimeSpan,
  calendar: BusinessCalendar,
  from: number,
  most: number,
): readonly CountedDay[] {
  if (business === null) return [];
  const begin = calendar.nextOpening(from);
  const firstDate = calendar.day(begin).date;
  const days: CountedDay[] = [];
  for (let left = amount; days.length < most && (left > 0 || (days.at(-1)?.date ?? '') < firstDate);) {
    const day = calendar.day(from, days.length);
    const open = isInDays
      ? Number(day.openings.length > 0 && day.date > firstDate)
      : day.openings.reduce((sum, opening) => sum + Math.max(0, opening.to - Math.max(opening.from, begin)), 0);
    const counted = Math.min(left, open);
    left -= counted;
    days.push({ ...day, counted });
  }
  return days;
}
