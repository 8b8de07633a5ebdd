import type { StrikeDecision } from './forms/strike-decision.form.js';
import type { Severity } from './severity.js';
import type { Recommendation } from './triage.js';

/** How a report ends: by itself, or as a reviewer decided. */
export interface Decision {
  readonly verdict: 'filed' | 'confirmed' | 'corrected' | 'rejected';
  readonly severity: Severity;
  readonly note: string | null;
}

/**
 * Joins recommendation and answer.
 *
 * A severity that the reviewer states always wins: one who "confirms" with another severity has corrected. A rejected report has
 * severity none, whatever was chosen.
 *
 * @param answer `undefined` when no person was asked
 */
export function decide(recommendation: Recommendation, answer: StrikeDecision | undefined): Decision {
  if (!answer) return { verdict: 'filed', severity: recommendation.severity, note: null };
  const note = answer.note?.trim() || null;
  if (answer.verdict === 'reject') return { verdict: 'rejected', severity: 'none', note };
  const severity = answer.severity ?? recommendation.severity;
  return { verdict: severity === recommendation.severity ? 'confirmed' : 'corrected', severity, note };
}
