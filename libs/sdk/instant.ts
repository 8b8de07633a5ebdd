import { StepwellError } from '@stepwell/contracts';
import { DateTime } from 'luxon';
import { INSTANT } from './date-fields.js';

/** An instant as authors write it: a `Date`, or ISO 8601 with its offset (`'2026-03-01T09:00+01:00'`, `'2026-03-01T08:00Z'`). */
export type InstantText = string | Date;

/** Nothing is due before the year 1 or after the year 9999: such instants are slips. */
const YEARS = { first: 1, last: 9999 };

/**
 * Reads an instant.
 *
 * @param where named in the error
 * @returns milliseconds since 1970
 * @throws StepwellError OPTION_INVALID for what is no instant, and for a local time without an offset, which is a different instant in each zone
 */
export function parseInstant(instant: InstantText, where: string): number {
  const read =
    instant instanceof Date
      ? DateTime.fromJSDate(instant)
      : typeof instant === 'string'
        ? DateTime.fromISO(instant.trim(), { setZone: true })
        : DateTime.invalid('no text');
  if (!read.isValid || read.year < YEARS.first || read.year > YEARS.last)
    throw refused(where, `"${String(instant)}" is not an instant. Write "2026-03-01T08:00Z", or give a Date.`);
  if (typeof instant === 'string' && !/T.*(Z|[+-]\d\d(:?\d\d)?)$/i.test(instant.trim()))
    throw refused(
      where,
      `"${instant}" has no offset, so it is another instant in each zone. Write it as "2026-03-01T08:00Z" or "2026-03-01T09:00+01:00".`,
    );
  return read.toMillis();
}

/**
 * Reads an instant of a request, such as one of a filter.
 *
 * @returns ISO 8601 in UTC, as the database takes it; `undefined` for what is no text of an instant with its offset, or not of these years in UTC
 */
export function utcInstant(text: unknown): string | undefined {
  const read = typeof text === 'string' && INSTANT.test(text) ? DateTime.fromISO(text, { zone: 'utc' }) : undefined;
  return read?.isValid && read.year >= YEARS.first && read.year <= YEARS.last ? read.toISO() : undefined;
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
