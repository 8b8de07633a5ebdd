import type { Actor, Json } from '@stepwell/contracts';
import { nodeKey } from '../graph/iteration.js';
import { isBelow, nodeOf, type RunState } from '../run-state.js';
import { reopenItems } from './item.facts.js';
import { type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

/** A node of a run. */
export interface NodeRef {
  readonly path: string;
  readonly iteration: string;
}

/** An effect outside that has happened, or of which it is not known, in what begins anew. */
export interface KeptEffect extends NodeRef {
  readonly attempt: number;
  /** What came of it; absent when it is not known whether it happened. */
  readonly output?: Json | undefined;
  readonly fault?: StepFault | undefined;
  /** The input with which it was made, or may have been, where the run's was updated since. */
  readonly beganWith?: Json | undefined;
}

export interface RetryStartedPayload {
  /** The ended run whose facts stand before this one. */
  readonly runId: string;
  readonly by: Actor | null;
  readonly reason: string | null;
  /** Nodes that begin anew: those that failed the run, and those that its end found open. */
  readonly reopened: readonly NodeRef[];
  /** What of them, and of turns that their loops have forgotten, is not made again; absent for nothing. */
  readonly effects?: readonly KeptEffect[];
}

/** The first fact of its own that a run has which retries another one. */
export const retryStarted: FactType = {
  type: 'retry.started',
  version: 1,
  apply: (state, fact) => reopenAll(state, payloadOf<RetryStartedPayload>(fact)),
};

/** Nothing ends the run any more, and these nodes begin anew. */
export function reopenAll(state: RunState, { reopened, effects = [] }: Pick<RetryStartedPayload, 'reopened' | 'effects'>): void {
  Object.assign(state, { fault: undefined, cancel: undefined, ending: undefined, isPaused: false });
  for (const node of reopened) reopen(state, node, reopened);
  for (const effect of effects) keep(state, effect);
  reopenItems(state);
}

/** A list stays as it was when it was asked for, and what an emitter has emitted stays emitted. */
function reopen(state: RunState, { path, iteration }: NodeRef, reopened: readonly NodeRef[]): void {
  const key = nodeKey(path, iteration);
  const node = state.nodes.get(key);
  state.nodes.delete(key);
  state.shields.delete(key);
  if (node?.effect && node.effect !== 'made') keep(state, node);
  if (node?.items) nodeOf(state, path, iteration, 'chosen').items = node.items;
  if (node?.counts) nodeOf(state, path, iteration, 'chosen').counts = node.counts;
  // It has failed by itself: it has all its turns again, and goes on where it stood. One whose last turn begins anew does so, too.
  if (node?.turns !== undefined && node.phase === 'failed' && !reopened.some((one) => isBelow(one, path, iteration)))
    Object.assign(nodeOf(state, path, iteration, 'chosen'), { turns: node.turns, spent: node.turns });
  if (node?.batches !== undefined)
    Object.assign(nodeOf(state, path, iteration, 'emitting'), { batches: node.batches, output: node.output });
}

/** What has happened outside stays. What may have is no less uncertain than it was; if it has not, the step has all its attempts again. */
function keep(state: RunState, { path, iteration, attempt, output, fault = LOST_AT_END, beganWith }: KeptEffect): void {
  const isMade = output !== undefined;
  const node = nodeOf(state, path, iteration, 'unknown');
  Object.assign(
    node,
    isMade ? { phase: 'completed', attempt, output, effect: 'made' } : { attempt, spent: attempt, effect: 'unknown', fault, beganWith },
  );
}

const LOST_AT_END: StepFault = { code: 'OUTCOME_UNKNOWN', message: 'The run ended before the outcome was known.', retryable: true };
