/** The hours of a week: when each weekday is open, as minutes of its day. */
import { StepwellError } from '@stepwell/contracts';

/** `'09:00-17:00'`, or several: `['08:00-12:00', '13:00-17:00']`. The end may be `24:00`. */
export type HoursText = string | readonly string[];

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof DAYS)[number];

/** From when until when, in minutes since the local midnight; the end is no part of it. */
export interface Opening {
  readonly from: number;
  readonly to: number;
}

const MINUTES_OF_A_DAY = 24 * 60;

/**
 * @param hours of Monday to Friday, or of the weekdays that are open
 * @returns seven days, Monday first; a closed day has no opening
 * @throws StepwellError OPTION_INVALID for hours that are none, overlap, or are never
 */
export function openingHours(
  hours: HoursText | Readonly<Partial<Record<Weekday, HoursText>>>,
  where: string,
): readonly (readonly Opening[])[] {
  const isWeek = typeof hours === 'string' || Array.isArray(hours);
  const byDay = isWeek
    ? Object.fromEntries(DAYS.slice(0, 5).map((day) => [day, hours as HoursText]))
    : (hours as Readonly<Record<string, HoursText>>);
  const unknown = Object.keys(byDay).find((day) => !(DAYS as readonly string[]).includes(day));
  if (unknown !== undefined) throw refused(where, `"${unknown}" is no weekday; they are ${DAYS.join(', ')}.`);
  const week = DAYS.map((day) => openingsOfDay(byDay[day] ?? [], `${where}, ${day}`));
  if (week.every((day) => day.length === 0)) throw refused(where, 'no day of the week is open.');
  return week;
}

/** @returns in their order */
export function openingsOfDay(hours: HoursText, where: string): readonly Opening[] {
  const texts = typeof hours === 'string' ? [hours] : hours;
  const day = texts.map((text) => opening(text, where)).sort((a, b) => a.from - b.from);
  for (const [index, { to }] of day.entries())
    if (to > (day[index + 1]?.from ?? MINUTES_OF_A_DAY)) throw refused(where, 'two openings of a day overlap.');
  return day;
}

function opening(text: string, where: string): Opening {
  const parts = /^(\d\d?):(\d\d)-(\d\d?):(\d\d)$/.exec(text);
  const [from = Number.NaN, to = Number.NaN] = parts
    ? [Number(parts[1]) * 60 + Number(parts[2]), Number(parts[3]) * 60 + Number(parts[4])]
    : [];
  if (!parts || Number(parts[2]) > 59 || Number(parts[4]) > 59 || to > MINUTES_OF_A_DAY || !(from < to))
    throw refused(where, `"${text}" are no hours. Write "09:00-17:00".`);
  return { from, to };
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
