import { innerIteration, undoOf } from '../graph/iteration.js';
import { forget, nodeOf, type RunState } from '../run-state.js';
import { type FactDraft, type FactType, payloadOf } from './fact.js';

/** What ended a loop: a condition, its number of turns where that is all that was asked, or its cap. */
export type LoopEnding = 'while' | 'until' | 'count' | 'cap';

export interface LoopTurnedPayload {
  /** How many turns are done. */
  readonly finished: number;
  /** Null when there is another turn. */
  readonly ending: LoopEnding | null;
  /** When it begins, if it is not to begin at once; milliseconds since 1970. */
  readonly dueAt: number | null;
  /** With the first: the steps in the loop that have an undo, by path, if any. */
  readonly undoable?: readonly string[];
}

/**
 * A turn is done, or the first one is to begin. Nobody reads the turns before the last one any more, but undos: once something in a turn
 * may have to be undone, this turn, the one before and all after it are kept.
 */
export const loopTurnedFact: FactType = {
  type: 'loop.turned',
  version: 1,
  apply: (state, fact) => {
    const { path, iteration } = fact;
    const { finished, ending, dueAt, undoable } = payloadOf<LoopTurnedPayload>(fact);
    const node = nodeOf(state, path, iteration, 'chosen');
    node.turns = finished;
    node.dueAt = dueAt ?? undefined;
    if (ending) node.ending = ending;
    if (undoable) node.undoable = undoable;
    if (node.undoable && mayBeUndone(state, path, innerIteration(iteration, finished - 1), node.undoable)) node.keepsTurns = true;
    forget(state, path, innerIteration(iteration, finished - 2), node.keepsTurns);
  },
};

function mayBeUndone({ nodes }: RunState, loop: string, turn: string, undoable: readonly string[]): boolean {
  for (const { path, iteration, phase, keepsTurns } of nodes.in(loop, turn)) {
    const isDone = phase === 'completed' && undoable.includes(path);
    if (keepsTurns || (isDone && nodes.get(undoOf(path), iteration)?.phase !== 'completed')) return true;
  }
  return false;
}

export function loopTurned(path: string, iteration: string, payload: LoopTurnedPayload): FactDraft {
  return { type: 'loop.turned', path, iteration, attempt: 0, payload: { ...payload } };
}
