import { StepwellError } from '@stepwell/contracts';
import { Duration } from 'luxon';
import ms, { type StringValue } from 'ms';

/** A duration as authors write it: `'15m'`, `'2h'`, `'500ms'` or ISO 8601 `'PT15M'`. */
export type DurationText = string;

/** A century. Longer ones are slips, and some would not fit into a date. */
export const LONGEST_MS = 100 * 365.25 * 86_400_000;

/**
 * Reads a duration.
 *
 * @param text `'15m'` or ISO 8601 (`'PT15M'`, `'P1D'`; a month counts 30 days); a number without a unit is none
 * @param where named in the error
 * @returns whole milliseconds, at least 0
 * @throws StepwellError OPTION_INVALID when the text is no duration, is negative, or longer than a century
 */
export function parseDuration(text: DurationText, where: string): number {
  const millis = typeof text === 'string' ? read(text.trim()) : Number.NaN;
  if (!Number.isFinite(millis)) throw refused(where, `"${text}" is not a duration. Write "15m", "2h" or "PT15M".`);
  if (millis < 0) throw refused(where, `the duration "${text}" is negative.`);
  if (millis > LONGEST_MS) throw refused(where, `the duration "${text}" is longer than a century.`);
  return Math.round(millis);
}

function read(text: string): number {
  if (/^-?P.*\d/.test(text)) return Duration.fromISO(text).toMillis();
  if (!/^-?\d*\.?\d+ *[a-z]+$/i.test(text)) return Number.NaN;
  const millis: number | undefined = ms(text as StringValue);
  return millis ?? Number.NaN;
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
