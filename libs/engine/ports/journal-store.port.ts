/** What is known of a run, and what is said to it. */
import type { Actor, Json } from '@stepwell/contracts';
import type { Fact } from '../facts/fact.js';
import type { InboxRow } from '../facts/inbox.js';
import type { RunRef } from './run-leases.port.js';

export interface InboxMessage {
  /** How long it is not to be read; null or absent: at once. */
  readonly holdMs?: number | null;
  readonly tenant: string;
  readonly runId: string;
  /** What it is; the engine has one reader per kind (see `facts/inbox.ts`). */
  readonly kind:
    | 'task.completed'
    | 'task.canceled'
    | 'async-result.settled'
    | 'dispatch.ended'
    | 'cancel.requested'
    | 'attempt.discarded'
    | 'checkpoint.saved'
    | 'incident.opened'
    | 'incident.resolved'
    | 'signal.received'
    | 'context.updated'
    | 'stop.lifted'
    | 'run.carried'
    | 'nodes.injected'
    | 'incident.retried';
  /** Unique per run while unread: a repeat adds nothing. */
  readonly dedupeKey: string;
  readonly payload: unknown;
}

export type AppendOutcome =
  /** `appended` is false when a message with the same dedupe key was already there; `queue` is where to send the wake-up. */
  { readonly kind: 'accepted'; readonly appended: boolean; readonly queue: string } | { readonly kind: 'run-ended' };

/** To pause or resume a run. */
export interface PauseMessage {
  readonly tenant: string;
  readonly runId: string;
  readonly by: Actor | null;
  readonly reason: string | null;
}

export interface LateResult {
  readonly tenant: string;
  readonly runId: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly reason: string;
}

export interface JournalStore {
  /** @returns the facts of each run, by run id, in order */
  read(runs: readonly RunRef[]): Promise<ReadonlyMap<string, readonly Fact[]>>;
  /**
   * As `read`, as far as they fit into one answer.
   *
   * @returns the facts, and of how many runs, from the first one on; at least of one, when there is any
   */
  readThatFit(runs: readonly RunRef[]): Promise<{ readonly journals: ReadonlyMap<string, readonly Fact[]>; readonly count: number }>;
  /** @returns the facts of one node in these of its iterations, in order */
  readNode(run: RunRef, path: string, iterations: readonly string[]): Promise<readonly Fact[]>;
  /** @returns what each of these runs has completed with, by run id; null for one that has not */
  outputs(tenant: string, runs: readonly string[]): Promise<ReadonlyMap<string, Json>>;
  /** @returns the unread messages of each run, by run id, oldest first; a run without any is absent */
  inboxes(runs: readonly RunRef[]): Promise<ReadonlyMap<string, readonly InboxRow[]>>;
  /** Says something to a run that lives: raises its attention, and puts it in the queue when it waits. The caller wakes the queue. */
  append(message: InboxMessage): Promise<AppendOutcome>;
  /**
   * Says to a run that it is to pause. One that nobody advances is paused at once; the owner of another one gives it up when what runs has
   * finished.
   *
   * @returns undefined when it is paused, is being canceled or has ended; else its queue, which the caller wakes
   */
  pause(message: PauseMessage): Promise<string | undefined>;
  /** Says to a run that it is to go on. @returns undefined when it waits or has ended; else its queue, which the caller wakes */
  resume(message: PauseMessage): Promise<string | undefined>;
  /** Records that a closed attempt came back after its run had ended; nothing happens while the run lives. */
  recordLateResult(late: LateResult): Promise<void>;
  /**
   * @param json JSON texts
   * @param texts as they go into text columns
   * @returns what the store has against one of them; `undefined` when it takes them all
   */
  probe(json: readonly string[], texts: readonly string[]): Promise<string | undefined>;
}
