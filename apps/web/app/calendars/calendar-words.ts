import type { BusinessCount, CountedDay, ListedCalendar, UnusualDay } from './calendars.query.js';
import { formatDuration } from '../time/format-duration.js';
import { formatOpenings, formatTimeInZone } from './zone-time.js';

export function calendarTitle({ name, usedBy }: Pick<ListedCalendar, 'name' | 'usedBy'>): string {
  return name ?? `Calendar of ${usedBy[0]?.title ?? 'a workflow'}`;
}

/** @param place `DE, BE` */
export function placeWords(place: string | null): string {
  if (place === null) return 'no public holidays';
  const [country = '', ...parts] = place.split(', ');
  const name = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' }).of(country) ?? country;
  return `public holidays of ${[name, ...parts].join(', ')}`;
}

/** Why a day is marked: a holiday's name, `Closed`, or its own hours. */
export function unusualWords({ holiday, openings }: UnusualDay, zone: string): string {
  if (openings.length === 0) return holiday ?? 'Closed';
  const hours = `open ${formatOpenings(openings, zone)}`;
  return holiday === null ? hours.replace('open', 'Open') : `${holiday}, ${hours}`;
}

/** What a day does to the time that is counted. */
export function countedWords(day: CountedDay, at: number, { begin, days, isInDays }: BusinessCount, zone: string): string {
  const { counted, openings, holiday, date } = day;
  if (openings.length === 0) return holiday === null ? 'no working day' : holiday === 'closed' ? 'closed' : holiday;
  if (counted > 0) return isInDays ? `day ${days.slice(0, at + 1).reduce((sum, one) => sum + one.counted, 0)}` : formatDuration(counted);
  return isBeginning(date, begin, zone) ? `begins at ${formatTimeInZone(begin, zone)}` : 'over for the day';
}

function isBeginning(date: string, begin: string, timeZone: string): boolean {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(begin)) === date;
}
