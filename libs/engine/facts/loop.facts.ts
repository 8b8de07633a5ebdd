import { innerIteration } from '../graph/iteration.js';
import { forget, nodeOf } from '../run-state.js';
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
}

/** A turn is done, or the first one is to begin. Nobody reads the turns before the last one any more. */
export const loopTurnedFact: FactType = {
  type: 'loop.turned',
  version: 1,
  apply: (state, fact) => {
    const { finished, ending, dueAt } = payloadOf<LoopTurnedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'chosen');
    Object.assign(node, { turns: finished, dueAt: dueAt ?? undefined, ...(ending ? { ending } : {}) });
    forget(state, fact.path, innerIteration(fact.iteration, finished - 2));
  },
};

export function loopTurned(path: string, iteration: string, payload: LoopTurnedPayload): FactDraft {
  return { type: 'loop.turned', path, iteration, attempt: 0, payload: { ...payload } };
}
