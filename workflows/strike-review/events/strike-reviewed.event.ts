import { event } from '@stepwell/sdk';
import type { Decision } from '../decision.js';

/** A report was filed, by itself or by a reviewer. */
export interface StrikeReviewedPayload {
  readonly reportId: string;
  readonly verdict: Decision['verdict'];
  readonly severity: Decision['severity'];
  readonly note: string | null;
  readonly airport: string;
  readonly aircraft: string;
  readonly operator: string;
  readonly species: string;
  readonly flightDate: string;
  /** US dollars. */
  readonly costTotal: number;
}

export const StrikeReviewed = event<StrikeReviewedPayload>('strike.reviewed');
