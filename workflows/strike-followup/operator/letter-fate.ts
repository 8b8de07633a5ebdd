/**
 * How the example's operators behave: decided by the report alone, so a test, a demonstration and a second start see the same.
 *
 * Of 20 reports: 12 agreed, 3 disputed, 2 where the service is unavailable at first, 2 whose first letter is lost in the mail, 1 whose
 * letters are all lost.
 */
import { createHash } from 'node:crypto';
import type { OperatorReply } from './operator-reply.js';

export interface LetterFate {
  readonly position: OperatorReply['position'];
  /** So many requests are answered 503 before one is accepted. */
  readonly refusals: number;
  /** So many deliveries end in an error before one succeeds. */
  readonly losses: number;
  /** From acceptance to the call back. */
  readonly delayMs: number;
}

const SHORTEST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 3_000;

export function letterFate(reportId: string): LetterFate {
  const hash = createHash('sha256').update(`letter:${reportId}`).digest();
  const draw = hash.readUInt32BE(0) % 20;
  const delayMs = SHORTEST_DELAY_MS + (hash.readUInt32BE(4) % (LONGEST_DELAY_MS - SHORTEST_DELAY_MS + 1));
  const usual = { position: 'agreed', refusals: 0, losses: 0, delayMs } as const;
  if (draw < 12) return usual;
  if (draw < 15) return { ...usual, position: 'disputed' };
  if (draw < 17) return { ...usual, refusals: 1 };
  if (draw < 19) return { ...usual, losses: 1 };
  return { ...usual, losses: Number.POSITIVE_INFINITY };
}
