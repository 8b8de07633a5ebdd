import { createHash } from 'node:crypto';

/** One minor strike in so many is looked at by a person: enough to notice a triage that has gone wrong. */
const ONE_IN = 10;

/**
 * True for one record in ten. Decided by the record's key alone, so the same report is sampled, or not, however often it is triaged and
 * wherever.
 */
export function isSampled(recordKey: string): boolean {
  return createHash('sha256').update(`sample:${recordKey}`).digest().readUInt32BE(0) % ONE_IN === 0;
}
