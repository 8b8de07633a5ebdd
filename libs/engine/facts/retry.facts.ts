import type { Actor, Json } from '@stepwell/contracts';
import { nodeKey, undoOf } from '../graph/iteration.js';
import { isBelow, type NodeState, nodeOf, type RunState } from '../run-state.js';
import { reopenItems } from './item.facts.js';
import { type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

/** A node of a run. */
export interface NodeRef {
  readonly path: string;
  readonly iteration: string;
}

/** A node that begins anew. */
export interface Reopened extends NodeRef {
  /** Of a loop: it goes on with this turn, the first in which something was undone; of that turn and those after it all else stays as it is. */
  readonly turns?: number;
}

/** An effect outside that has happened, or of which it is not known, in what begins anew. */
export interface KeptEffect extends NodeRef {
  readonly attempt: number;
  /** What came of it; absent when it is not known whether it happened. */
  readonly output?: Json | undefined;
  readonly fault?: StepFault | undefined;
  /** The input with which it was made, or may have been, where the run's was updated since. */
  readonly beganWith?: Json | undefined;
  /** Its idempotency key, which other runs may be waiting for. */
  readonly key?: string | undefined;
}

export interface RetryStartedPayload {
  /** The ended run whose facts stand before this one. */
  readonly runId: string;
  readonly by: Actor | null;
  readonly reason: string | null;
  /** Nodes that begin anew: those that failed the run, those that its end found open, and what was undone. */
  readonly reopened: readonly Reopened[];
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
  state.undoing.clear();
  // Their checkpoints are of the other run: it is asked again whether this one goes on behind them.
  for (const hold of state.holds.values()) delete hold.isStopped;
  for (const { path, iteration } of reopened) {
    const key = nodeKey(path, iteration);
    // What begins anew after it was undone is another one to the outside.
    if (state.nodes.get(undoOf(path), iteration)?.phase === 'completed') state.undone.set(key, (state.undone.get(key) ?? 0) + 1);
  }
  for (const node of reopened) reopen(state, node, reopened);
  for (const effect of effects) keep(state, effect);
  reopenItems(state);
  openPoints(state, reopened);
}

/** What begins anew before an inject point, in the same branch, may inject there once more; what is past it finds that out at once. */
function openPoints({ nodes }: RunState, reopened: readonly NodeRef[]): void {
  for (const point of nodes.values()) {
    if (!point.isPassed) continue;
    const branch = point.path.slice(0, Math.max(0, point.path.lastIndexOf('/')));
    if (reopened.some((node) => isBelow(node, branch, point.iteration))) delete point.isPassed;
  }
}

/** A list stays as it was when it was asked for, and what an emitter has emitted stays emitted. */
function reopen(state: RunState, { path, iteration, turns: backTo }: Reopened, reopened: readonly Reopened[]): void {
  const key = nodeKey(path, iteration);
  const node = state.nodes.get(path, iteration);
  state.nodes.delete(path, iteration);
  state.shields.delete(key);
  if (node?.effect && node.effect !== 'made') keep(state, node);
  if (node?.items) nodeOf(state, path, iteration, 'chosen').items = node.items;
  if (node?.counts) nodeOf(state, path, iteration, 'chosen').counts = node.counts;
  if (node?.turns !== undefined) turnBack(state, node, backTo, reopened);
  if (node?.batches !== undefined)
    Object.assign(nodeOf(state, path, iteration, 'emitting'), { batches: node.batches, output: node.output });
}

function turnBack(
  state: RunState,
  { path, iteration, phase, turns = 0, spent = 0, ...loop }: NodeState,
  backTo: number | undefined,
  reopened: readonly NodeRef[],
): void {
  // It has failed by itself: it has all its turns again, and goes on where it stood. One whose last turn begins anew does so, too.
  const goesOn = phase === 'failed' && !reopened.some((one) => isBelow(one, path, iteration));
  if (backTo === undefined && !goesOn) return;
  const at = backTo === undefined ? { turns, spent: turns } : { turns: backTo, spent: Math.min(spent, backTo) };
  const { undoable, keepsTurns } = loop;
  Object.assign(nodeOf(state, path, iteration, 'chosen'), at, undoable && { undoable }, keepsTurns && { keepsTurns });
}

/** What has happened outside stays. What may have is no less uncertain than it was; if it has not, the step has all its attempts again. */
function keep(state: RunState, { path, iteration, attempt, output, fault = LOST_AT_END, beganWith, key }: KeptEffect): void {
  const isMade = output !== undefined;
  const node = nodeOf(state, path, iteration, 'unknown');
  Object.assign(
    node,
    isMade
      ? { phase: 'completed', attempt, output, effect: 'made', isOfBefore: true }
      : { attempt, spent: attempt, effect: 'unknown', fault, beganWith, key, isOfBefore: true },
  );
}

const LOST_AT_END: StepFault = { code: 'OUTCOME_UNKNOWN', message: 'The run ended before the outcome was known.', retryable: true };
