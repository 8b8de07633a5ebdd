import type { DisputeResolution } from '../forms/dispute-resolution.form.js';
import type { LetterResult } from './letter-result.js';

/** How a case ends. */
export interface CaseOutcome extends LetterResult {
  readonly outcome: 'agreed' | 'upheld' | 'downgraded' | 'closed-unanswered';
  readonly note: string | null;
}

const OUTCOMES = { uphold: 'upheld', downgrade: 'downgraded', close: 'closed-unanswered' } as const satisfies Record<
  DisputeResolution['resolution'],
  string
>;

/** @param answer `undefined` when the operator agreed and no person was asked */
export function caseOutcome(result: LetterResult, answer: DisputeResolution | undefined): CaseOutcome {
  if (!answer) return { ...result, outcome: 'agreed', note: null };
  return { ...result, outcome: OUTCOMES[answer.resolution], note: answer.note?.trim() || null };
}
