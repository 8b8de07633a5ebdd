import type { EmittedEvent, StartDecision } from '@stepwell/sdk';
import type { StrikeReviewedPayload } from './events/strike-reviewed.event.js';
import type { FollowupCase } from './followup-case.js';

/**
 * Follows up substantial strikes only; a rejected report is never substantial. The key makes it one case per report: when a report is
 * reviewed again, the operator is not asked again.
 */
export function followUpOn({ payload }: EmittedEvent<StrikeReviewedPayload>): StartDecision<FollowupCase> {
  if (payload.severity !== 'substantial') return null;
  const { reportId, operator, aircraft, airport, species, flightDate, costTotal, note } = payload;
  return { input: { reportId, operator, aircraft, airport, species, flightDate, costTotal, note }, idempotencyKey: reportId };
}
