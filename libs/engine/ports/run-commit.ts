/** What one activation commits at once, and what becomes of it. */
import type { RunStatus, WaitReason } from '@stepwell/contracts';
import type { OpenedReviews, TaskAssignment } from '@stepwell/sdk';
import type { ChildDraft, DispatchDraft, EventWaitDraft, MessageDraft, SettledEvent, TaskEscalationDraft } from '../facts/fact.js';

/** A fact ready for the journal; its payload is JSON text already. */
export interface JournalRow {
  readonly type: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly payload: string;
  /** Set by a store that has put the payload elsewhere; `payload` is then not written. */
  readonly blob?: string;
}

/** A task to open. Text is measured and stored as it is; `props`, `form` and `suggestion` are JSON text. */
export interface TaskRow {
  readonly id: string;
  readonly path: string;
  readonly iteration: string;
  readonly screen: string;
  readonly title: string;
  readonly subject: string;
  readonly instructions: string | null;
  readonly priority: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number | null;
  /** How long a decision of it can be taken back. */
  readonly undoMs: number | null;
  readonly followUpAt?: number;
  readonly assignment?: TaskAssignment;
  readonly display?: Readonly<Record<string, string>>;
  /** Not for whoever started the run, or what led to it. */
  readonly refusesOwnWork?: true;
  /** Its screen has a `mayDecide`, which is asked of everybody who would have it. */
  readonly asksAuthor?: true;
  readonly reviews?: OpenedReviews;
  readonly props: string;
  readonly form: string;
  readonly suggestion?: string;
}

/** An event to append; its payload is JSON text. */
export interface EmittedRow {
  readonly id: string;
  readonly name: string;
  readonly payload: string;
  readonly idempotencyKey: string | null;
  readonly path: string;
}

/** A run to insert for the one that starts it. */
export interface ChildRow extends ChildDraft {
  /** Who takes it at once; without one it queues. */
  readonly worker?: string | null;
}

/** `end` asks for the terminal status; its last fact is `run.ended`, which is withheld while the inbox holds unread messages. */
export type Intent =
  | { readonly kind: 'continue' }
  | {
      readonly kind: 'release';
      /** It waits for nothing but to be resumed. */
      readonly isPaused?: true;
      readonly reasons: readonly WaitReason[];
      readonly dueAt: number | null;
      /** Until it is released again it is claimed at this priority; undefined: its own. */
      readonly priority?: number | undefined;
      /** Why its first incident was opened, if it has one. */
      readonly errorCode: string | null;
      readonly errorMessage: string | null;
    }
  | {
      readonly kind: 'end';
      readonly status: RunStatus;
      readonly errorCode: string | null;
      readonly errorMessage: string | null;
      /** Whether it has tasks, dispatches or waits for events open. */
      readonly closesRows: boolean;
    };

/** What one activation commits at once. Its facts get the sequence numbers after `lastSeq`. */
export interface RunCommit {
  readonly tenant: string;
  readonly runId: string;
  readonly epoch: number;
  readonly lastSeq: number;
  readonly attention: number;
  readonly facts: readonly JournalRow[];
  readonly intent: Intent;
  readonly cancelRequested: boolean;
  readonly consumed: readonly string[];
  readonly tasks: readonly TaskRow[];
  /** Of tasks that were opened by earlier commits. */
  readonly escalations?: readonly TaskEscalationDraft[];
  readonly events: readonly EmittedRow[];
  readonly dispatches: readonly DispatchDraft[];
  /** Waits for events that begin with this commit. */
  readonly waits: readonly EventWaitDraft[];
  readonly children: readonly ChildRow[];
  /** What to say to other runs: at once, or only if this commit ends the run. */
  readonly messages: readonly (MessageDraft & { readonly atEnd: boolean })[];
  /** What became of delivered events. */
  readonly settled: readonly SettledEvent[];
  /** Ids of tasks, dispatches and waits for events that are open no longer, because their branch was canceled while the run goes on. */
  readonly canceled?: readonly string[];
  readonly workflow: string;
  readonly version: number;
}

export interface FlushedRun {
  readonly id: string;
  /** Compared with what the activation has read: higher means there is something in the inbox. */
  readonly attention: number;
  /** Still `running` when the run wanted to wait or to end but has unread messages. */
  readonly status: RunStatus;
}

/** `undefined` means fenced: another worker has the run, nothing of this commit was kept. */
export type CommitOutcome = FlushedRun | undefined;

/** The commit's outcome is not known: whoever waited for it must drop its memory and claim the run again. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** A transaction was lost because this process stood still, as an event loop does that somebody blocks: perhaps the very step. */
export class StalledProcessError extends UnknownOutcomeError {}

/** A value that the store refused; other commits were not harmed. */
export class UnstorableError extends Error {
  override readonly name = 'UnstorableError';
}
