/** What a decision asks the worker to do, and what it waits for. */
import type { Json, WaitReason } from '@stepwell/contracts';
import type { FactDraft } from './facts/fact.js';
import type { StandInKind } from './facts/policy.facts.js';
import type { StepFault } from './facts/step-fault.js';
import type { GraphNode } from './graph/graph.js';

/** Run a handler. Begins only when everything before it is durable. */
export interface ExecuteAction {
  readonly type: 'execute';
  readonly key: string;
  readonly node: GraphNode;
  readonly iteration: string;
  readonly attempt: number;
  readonly resumed: { readonly data: Json } | undefined;
  /** Not the handler, but what stands in for it, or finds out what became of it. */
  readonly standIn?: StandInKind | 'verify' | undefined;
}

/** Record what the author's pure functions say when asked. */
export interface EvaluateAction {
  readonly type: 'evaluate';
  readonly key: string;
  readonly node: GraphNode;
  readonly iteration: string;
  readonly purpose: string;
}

/** Record what follows from the state alone. */
export interface RecordAction {
  readonly type: 'record';
  readonly key: string;
  readonly facts: readonly FactDraft[];
}

export type EndAction =
  | { readonly type: 'end'; readonly status: 'completed'; readonly output: Json | undefined }
  | { readonly type: 'end'; readonly status: 'failed'; readonly fault: StepFault }
  | { readonly type: 'end'; readonly status: 'canceled'; readonly reason: string | null };

export type Action = ExecuteAction | EvaluateAction | RecordAction | EndAction;

export interface Wait {
  readonly reason: WaitReason;
  /** Milliseconds since 1970; undefined when only an event from outside ends the wait. */
  readonly dueAt: number | undefined;
  /** At which the run goes on from here; undefined: its own. */
  readonly priority: number | undefined;
}
