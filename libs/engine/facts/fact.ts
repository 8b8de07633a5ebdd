/**
 * Facts: the rows of the journal. A fact type is defined once, in a file of this folder, with how it changes the state; `apply` accepts
 * every version ever released. A draft is a fact that has not got its sequence number yet, together with the rows it brings along in
 * the same commit (a task, an event, a dispatch).
 */
import type { Json } from '@stepwell/contracts';
import type { OpenedReviews, TaskAssignment, TaskSuggestion } from '@stepwell/sdk';
import type { RunState } from '../run-state.js';
import type { StartTerms } from '../start-terms.js';
import type { StepFault } from './step-fault.js';

export interface Fact {
  readonly seq: number;
  readonly type: string;
  readonly version: number;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly payload: Json;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface FactDraft {
  readonly type: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly payload: Json;
  readonly effects?: Effects;
}

/** Rows written in the same commit as the fact. */
export interface Effects {
  readonly openTask?: TaskDraft;
  readonly escalateTask?: TaskEscalationDraft;
  readonly emitEvents?: readonly EventDraft[];
  readonly dispatch?: DispatchDraft;
  /** An event that the run waits for from now on. */
  readonly listen?: EventWaitDraft;
  /** A run to start. */
  readonly startRun?: ChildDraft;
  /** What to say to other runs. */
  readonly tell?: readonly MessageDraft[];
  /** What became of events that were delivered to the run. */
  readonly settle?: readonly SettledEvent[];
  /** Tasks, dispatches and waits for events, by id, that nobody needs any more. */
  readonly cancel?: readonly string[];
}

/** What becomes of a task while nobody decides it, if it is still open: the row is the judge, and a person may have been faster. */
export type TaskEscalationDraft = { readonly taskId: string; /** From 1. */ readonly step: number } & (
  | { readonly what: 'assign'; /** Null: it names nobody, and the task stays whose it is. */ readonly assignment: TaskAssignment | null }
  | { readonly what: 'notify'; readonly names: readonly string[]; /** For the task's history. */ readonly reason?: string }
  | { readonly what: 'answer'; readonly answer: Json }
  | { readonly what: 'fail'; readonly reason: string; /** The author's code threw: with it the screen fails. */ readonly fault?: StepFault }
);

export interface ChildDraft extends StartTerms {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly queue: string;
  readonly input: Json;
  /** The parent waits for its end. */
  readonly isAwaited: boolean;
}

export interface MessageDraft {
  readonly runId: string;
  readonly kind: 'child.ended' | 'cancel.requested';
  readonly dedupeKey: string;
  readonly payload: Json;
}

export interface EventWaitDraft {
  readonly id: string;
  readonly event: string;
  /** Fields of the payload and what they must be. */
  readonly match: Readonly<Record<string, Json>>;
  /** From when on events count: milliseconds since 1970, the run's start, that of the first run of its line of descent, or now. */
  readonly since: 'start' | 'lineage' | 'registration' | number;
}

export interface SettledEvent {
  readonly waitId: string;
  readonly eventId: string;
  readonly as: 'woke' | 'declined' | 'canceled';
}

export interface TaskDraft {
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
  readonly props: Json;
  /** JSON Schema of the answer. */
  readonly form: Json;
  /** When it should be looked at again; milliseconds since 1970. */
  readonly followUpAt?: number;
  /** Whom it is for; absent: everybody. */
  readonly assignment?: TaskAssignment;
  /** What fills the form. */
  readonly suggestion?: TaskSuggestion;
  /** Its columns that have a value, by name: what the inbox finds it by. */
  readonly display?: Readonly<Record<string, string>>;
  /** Not for whoever started the run, or what led to it. */
  readonly refusesOwnWork?: true;
  /** Its screen has a `mayDecide`, which is asked of everybody who would have it. */
  readonly asksAuthor?: true;
  /** Several people answer it. */
  readonly reviews?: OpenedReviews;
}

export interface EventDraft {
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  readonly idempotencyKey: string | null;
  readonly path: string;
}

export interface DispatchDraft {
  readonly id: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly queue: string;
  /** Undefined: the run's. */
  readonly priority?: number | undefined;
}

/** How one fact type changes the state. `apply` changes it in place: the state belongs to one activation. */
export interface FactType {
  readonly type: string;
  /** Of the payloads this build writes; `apply` reads every version up to it. */
  readonly version: number;
  readonly apply: (state: RunState, fact: Fact) => void;
}

/** Narrows a payload that this build or an older one wrote. */
export function payloadOf<T>(fact: Fact): T {
  return fact.payload as T;
}

/** What a draft is as a fact of this build. Field by field: it is made for every fact, and a spread takes many times as long. */
export function factOf({ type, path, iteration, attempt, payload }: FactDraft, seq: number, at: number): Fact {
  return { seq, type, version: 1, path, iteration, attempt, payload, at };
}
