/** The stretch of time that a team's figures are of: whole local days of whoever asks, at most a year of them. */
import { StepwellError } from '@stepwell/contracts';
import { DateTime, IANAZone } from 'luxon';

/** Either so many days up to today, or from one day to another. */
export interface PeriodRequest {
  /** IANA zone: `'Europe/Berlin'`. */
  readonly zone: string;
  readonly days?: number | null;
  /** `'2026-11-01'`, both included. */
  readonly from?: string | null;
  readonly to?: string | null;
}

export interface TeamPeriod {
  readonly zone: string;
  /** `'2026-11-01'`, ascending. */
  readonly dates: readonly string[];
  /** When each of them begins. */
  readonly starts: readonly Date[];
  /** Exclusive; not behind now. */
  readonly until: Date;
  readonly now: Date;
  /** When today ends. */
  readonly dayEnd: Date;
}

const MOST_DAYS = 366;

/**
 * @param now milliseconds since 1970
 * @throws StepwellError INPUT_INVALID
 */
export function teamPeriod({ zone, days, from, to }: PeriodRequest, now: number): TeamPeriod {
  if (!IANAZone.isValidZone(zone)) throw invalid(`period.zone: "${zone}" is no zone. Write "Europe/Berlin".`);
  const today = DateTime.fromMillis(now, { zone }).startOf('day');
  const [first, last] = days == null ? [day('from', from, zone), day('to', to, zone)] : [today.minus({ days: count(days, from ?? to) - 1 }), today]; // prettier-ignore
  if (last < first) throw invalid(`period: ${last.toISODate()} is before ${first.toISODate()}.`);
  if (first > today) throw invalid(`period: ${first.toISODate()} is still to come.`);
  const length = Math.round((last < today ? last : today).diff(first, 'days').days) + 1;
  if (length > MOST_DAYS) throw invalid(`period: it has ${length} days, and at most ${MOST_DAYS} are counted at a time.`);
  const starts = Array.from({ length: length + 1 }, (_, offset) => first.plus({ days: offset }).startOf('day'));
  const end = starts.pop()?.toMillis() ?? now;
  return {
    zone,
    dates: starts.map((one) => one.toISODate() ?? ''),
    starts: starts.map((one) => one.toJSDate()),
    until: new Date(Math.min(end, now)),
    now: new Date(now),
    dayEnd: today.plus({ days: 1 }).startOf('day').toJSDate(),
  };
}

function count(days: number, date: string | null | undefined): number {
  if (date != null) throw invalid('period: name the days, or from and to, and not both.');
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) throw invalid(`period.days: ${days} is no number from 1 to ${MOST_DAYS}.`);
  return days;
}

function day(field: string, date: string | null | undefined, zone: string): DateTime {
  if (date == null) throw invalid('period: name its days, or from and to.');
  const at = DateTime.fromISO(date, { zone });
  if (at.toISODate() !== date) throw invalid(`period.${field}: "${date}" is no date. Write "2026-11-01".`);
  return at.startOf('day');
}

function invalid(reason: string): StepwellError {
  return new StepwellError('INPUT_INVALID', { reason });
}
