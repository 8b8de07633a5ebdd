/** When somebody is told of what happens at an instant: at once, with the next digest, and never in their quiet hours. Pure. */
import { DateTime } from 'luxon';

export const RHYTHMS = ['at-once', 'hourly', 'daily'] as const;
export type Rhythm = (typeof RHYTHMS)[number];

export interface TellingTimes {
  readonly rhythm: Rhythm;
  /** `08:00`, of the daily digest. */
  readonly dailyAt: string;
  /** IANA, such as `Europe/Berlin`. */
  readonly zone: string;
  /** `22:00`; null, as the other: none. May go over midnight. */
  readonly quietFrom: string | null;
  readonly quietUntil: string | null;
}

export function tellingTime(times: TellingTimes, at: Date): Date {
  const digest = digestTime(times, DateTime.fromJSDate(at, { zone: times.zone }));
  return afterQuiet(times, digest).toJSDate();
}

function digestTime({ rhythm, dailyAt }: TellingTimes, now: DateTime): DateTime {
  switch (rhythm) {
    case 'at-once':
      return now;
    case 'hourly':
      return now.startOf('hour').plus({ hours: 1 });
    case 'daily':
      return next(dailyAt, now);
  }
}

function afterQuiet({ quietFrom, quietUntil }: TellingTimes, time: DateTime): DateTime {
  if (quietFrom === null || quietUntil === null) return time;
  const clock = time.toFormat('HH:mm');
  const isQuiet = quietFrom < quietUntil ? quietFrom <= clock && clock < quietUntil : quietFrom <= clock || clock < quietUntil;
  return isQuiet ? next(quietUntil, time) : time;
}

/** The next time that clocks show it; where they jump over it, what they show instead. */
function next(clock: string, after: DateTime): DateTime {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  const on = (day: DateTime): DateTime => day.startOf('day').set({ hour, minute });
  const today = on(after);
  return today > after ? today : on(after.plus({ days: 1 }));
}
