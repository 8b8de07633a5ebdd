/** Runs that begin. */
import type { Actor } from '@stepwell/contracts';
import type { StartTerms } from '../start-terms.js';

export interface NewRun extends StartTerms {
  readonly tenant: string;
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly queue: string;
  /** The worker that takes the run at once; `null` leaves it queued. */
  readonly worker: string | null;
  readonly startedBy: 'api' | 'event' | 'schedule' | 'emitter';
  readonly actor: Actor | null;
  readonly causeEvent: string | null;
  readonly causeRun: string | null;
  readonly key: string | null;
  /** The session that it belongs to; without one, none. */
  readonly session?: string | null;
  /** JSON text of the input; `undefined` input is stored as null. */
  readonly input: string;
}

export interface InsertedRun {
  readonly runId: string;
  /** True when the idempotency key had been used; `runId` is then the first run. */
  readonly existing: boolean;
}
