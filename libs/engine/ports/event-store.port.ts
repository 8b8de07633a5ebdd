/** Events, who listens to them, and what runs say to each other: what the router keeps outside of its memory. */
import type { Json } from '@stepwell/contracts';
import type { NewRun } from './run-starts.port.js';

/** What there is to do. */
export interface EventWork {
  /** Events that nobody has routed. */
  readonly unrouted: boolean;
  /** Waits that were not looked up yet. */
  readonly waits: boolean;
  /** Events that were routed to waits. */
  readonly events: boolean;
  /** Messages of other runs. */
  readonly messages: boolean;
  /** Deliveries that are due, to workflows of the caller. */
  readonly deliveries: boolean;
}

/** What came of routing one batch. */
export interface Routed {
  /** A full batch means that there may be more. */
  readonly events: number;
  /** Whether some are for runs that wait. */
  readonly areAwaited: boolean;
  /** The workflows that listen to some. */
  readonly workflows: readonly string[];
}

export interface WokenRun {
  readonly tenant: string;
  readonly id: string;
  readonly queue: string;
}

/** How many were taken, and the runs that have something to read; none taken means that there are none. */
export interface Told {
  readonly delivered: number;
  readonly runs: readonly WokenRun[];
}

export interface Listening {
  readonly workflow: string;
  readonly event: string;
}

export interface DeliveryKey {
  readonly tenant: string;
  readonly event_id: string;
  readonly consumer: string;
}

export interface ClaimedDelivery extends DeliveryKey {
  readonly workflow: string;
  /** Evaluations so far, all of them failed. */
  readonly attempts: number;
  readonly name: string;
  readonly payload: Json;
  readonly idempotency_key: string | null;
  readonly source_run: string | null;
  /** Milliseconds since 1970. */
  readonly emitted_at: number;
}

/** What a listener has made of an event. */
export type Verdict =
  | { readonly kind: 'start'; readonly run: NewRun; readonly onceKey: string | null }
  | { readonly kind: 'declined' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'retry'; readonly error: string; readonly delayMs: number };

/** A delivery with what its listener said. */
export interface Decided {
  readonly delivery: ClaimedDelivery;
  /** Of the workflow that decided. */
  readonly version: number;
  readonly verdict: Verdict;
}

export interface Committed {
  /** Deliveries that this commit settled or put off; the others were settled by somebody else. */
  readonly settled: readonly Decided[];
  readonly started: readonly NewRun[];
}

export interface EventStore {
  /** One batch of events becomes deliveries, one per consumer. */
  route(): Promise<Routed>;
  /** @param workflows those whose deliveries the caller can take */
  work(workflows: readonly string[]): Promise<EventWork>;
  /** Finds what had come before somebody waited for it. @returns how many waits, and how many events had come for them */
  lookUpWaits(): Promise<{ readonly waits: number; readonly events: number }>;
  deliverToWaits(): Promise<Told>;
  /** What runs have to say to each other. */
  deliverOutbox(): Promise<Told>;
  /** @param leaseMs for how long nobody else takes them */
  claimDeliveries(listening: readonly Listening[], leaseMs: number): Promise<readonly ClaimedDelivery[]>;
  /** Outcomes of deliveries and the runs they start, in one commit. */
  commitVerdicts(decided: readonly Decided[]): Promise<Committed>;
}
