import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';

/**
 * What an event's payload must have, as it is stored: plain JSON by field.
 *
 * @throws StepwellError OPTION_INVALID when it is no object of JSON values
 */
export function matchOf(match: unknown, id: string): Readonly<Record<string, Json>> {
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where: `match of "${id}"`, reason });
  if (match === undefined) return {};
  if (typeof match !== 'object' || match === null || Array.isArray(match)) throw refuse('give the fields of the payload as an object.');
  // Left out, it would fit every event.
  const missing = Object.entries(match).find(([, value]) => value === undefined);
  if (missing) throw refuse(`match.${missing[0]} is undefined; leave the field out, or say what it must be.`);
  const bad = findNonJson(match, 'match');
  if (bad) throw refuse(`at ${bad.path}, ${bad.reason}.`);
  return match as Readonly<Record<string, Json>>;
}
