const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const SHORTEST = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
// A date without a time names a day, the same one everywhere.
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** Everything there is to know, in the viewer's zone: for tooltips. */
export function formatInstantFully(iso: string): string {
  return FULL.format(new Date(iso));
}

export function formatInstant(iso: string): string {
  return SHORT.format(new Date(iso));
}

/** Without the year, to the minute: where there is little room. */
export function formatInstantShortly(iso: string): string {
  return SHORTEST.format(new Date(iso));
}

/** Time of day to the minute: for what is near. */
export function formatTime(iso: string): string {
  return TIME.format(new Date(iso));
}

/** Time of day to the millisecond: for journals. */
export function formatClock(iso: string): string {
  return CLOCK.format(new Date(iso));
}

/** @param day `YYYY-MM-DD` */
export function formatDay(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}
