import { event } from '@stepwell/sdk';

/** What the follow-up reads of a reviewed strike. Whoever emits the event may say more; modules share its name, not its code. */
export interface StrikeReviewedPayload {
  readonly reportId: string;
  readonly severity: string;
  readonly operator: string;
  readonly aircraft: string;
  readonly airport: string;
  readonly species: string;
  readonly flightDate: string;
  readonly costTotal: number;
  readonly note: string | null;
}

export const StrikeReviewed = event<StrikeReviewedPayload>('strike.reviewed');
