import type { Actor } from '@stepwell/contracts';
import { nodeKey } from '../graph/iteration.js';
import { isBelow, nodeOf, type RunState } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';

/** A node of a run. */
export interface NodeRef {
  readonly path: string;
  readonly iteration: string;
}

export interface RetryStartedPayload {
  /** The ended run whose facts stand before this one. */
  readonly runId: string;
  readonly by: Actor | null;
  readonly reason: string | null;
  /** Nodes that begin anew: those that failed the run, and those that its end found open. */
  readonly reopened: readonly NodeRef[];
}

/** The first fact of its own that a run has which retries another one. */
export const retryStarted: FactType = {
  type: 'retry.started',
  version: 1,
  apply: (state, fact) => reopenAll(state, payloadOf<RetryStartedPayload>(fact).reopened),
};

/** Nothing ends the run any more, and these nodes begin anew. */
export function reopenAll(state: RunState, nodes: readonly NodeRef[]): void {
  Object.assign(state, { fault: undefined, cancel: undefined, ending: undefined, isPaused: false });
  for (const node of nodes) reopen(state, node, nodes);
}

/** A list stays as it was when it was asked for, and what an emitter has emitted stays emitted. */
function reopen(state: RunState, { path, iteration }: NodeRef, reopened: readonly NodeRef[]): void {
  const key = nodeKey(path, iteration);
  const node = state.nodes.get(key);
  state.nodes.delete(key);
  state.shields.delete(key);
  // What may have happened outside is no less uncertain in the run that goes on; if it has not, the step has all its attempts again.
  if (node?.effect) {
    const fault = node.fault ?? { code: 'OUTCOME_UNKNOWN', message: 'The run ended before the outcome was known.', retryable: true };
    Object.assign(nodeOf(state, path, iteration, 'unknown'), { attempt: node.attempt, spent: node.attempt, effect: 'unknown', fault });
  }
  if (node?.items) nodeOf(state, path, iteration, 'chosen').items = node.items;
  // It has failed by itself: it has all its turns again, and goes on where it stood. One whose last turn begins anew does so, too.
  if (node?.turns !== undefined && node.phase === 'failed' && !reopened.some((one) => isBelow(one, path, iteration)))
    Object.assign(nodeOf(state, path, iteration, 'chosen'), { turns: node.turns, spent: node.turns });
  if (node?.batches !== undefined)
    Object.assign(nodeOf(state, path, iteration, 'emitting'), { batches: node.batches, output: node.output });
}
