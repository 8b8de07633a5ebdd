/**
 * What the six damage values of the reports amount to.
 *
 * The FAA's own codes are N none, M minor, M? uncertain level, S substantial, D destroyed. The export spells them out, undocumented:
 *
 *   None         none
 *   Minor        minor
 *   Medium       minor         most likely M?: damaged, extent not known. Not called substantial by whoever reported it, so it counts as
 *                              minor until the cost or the size of the animal says more (triage.ts)
 *   Substantial  substantial
 *   C            minor, doubtful         no FAA code. All 15 rows with C or B are military, and their costs fit the US Air Force's
 *   B            substantial, doubtful   mishap classes of the time: C from 10,000 and B from 200,000 dollars. A class of cost is no grade
 *                                        of damage and the reading is our guess, so a person always looks
 *
 * Anything else is a value nobody has met yet: minor and doubtful, so it waits for a person instead of being filed or lost.
 */
import type { Severity } from './severity.js';

export interface DamageReading {
  readonly severity: Severity;
  /** Why the value cannot be taken at its word; `undefined` when it can. */
  readonly doubt?: string;
}

const READINGS: ReadonlyMap<string, DamageReading> = new Map([
  ['None', { severity: 'none' }],
  ['Minor', { severity: 'minor' }],
  ['Medium', { severity: 'minor' }],
  ['Substantial', { severity: 'substantial' }],
  ['C', { severity: 'minor', doubt: 'The damage "C" is no grade of damage; probably a military mishap class (from $10,000).' }],
  ['B', { severity: 'substantial', doubt: 'The damage "B" is no grade of damage; probably a military mishap class (from $200,000).' }],
]);

export function readDamage(damage: string): DamageReading {
  return READINGS.get(damage) ?? { severity: 'minor', doubt: `The damage "${damage}" is not a known value.` };
}
