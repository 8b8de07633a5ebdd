// Times by the clock of another zone than the reader's: that of a calendar.

/** Now, as a field for day and time wants it, to the minute. */
export function localNow(timeZone: string): string {
  // The Swedish way to write a time is that of ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date()).replace(' ', 'T');
}

/** `Tue, 29 Dec 2026, 15:00`. */
export function formatInZone(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    timeZone,
  }).format(new Date(instant));
}

/** `15:00`. */
export function formatTimeInZone(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(new Date(instant));
}

/** @param date `2026-12-25`; @returns `Fri, 25 Dec` */
export function formatDate(date: string): string {
  return new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(date));
}

/** `09:00–12:00, 13:00–17:00`; of a day that is open until midnight `24:00`. */
export function formatOpenings(openings: readonly { readonly from: string; readonly to: string }[], timeZone: string): string {
  const end = (instant: string) => formatTimeInZone(instant, timeZone).replace('00:00', '24:00');
  return openings.map(({ from, to }) => `${formatTimeInZone(from, timeZone)}–${end(to)}`).join(', ');
}
