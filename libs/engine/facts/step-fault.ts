/** Why an attempt or a node failed, as data. */
export interface StepFault {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
  /** False for faults that no further attempt can mend. */
  readonly retryable: boolean;
  /** Wait at least this long before the next attempt. */
  readonly retryAfterMs?: number;
}
