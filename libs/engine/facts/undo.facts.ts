import { beginUndoing, nodeOf } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';

/** What was done in these branches of the node is being undone: to the end, whatever is canceled around the node. */
export const undoingBegan: FactType = {
  type: 'undoing.began',
  version: 1,
  apply: (state, fact) => {
    nodeOf(state, fact.path, fact.iteration, 'chosen');
    beginUndoing(state, fact, payloadOf<{ segments: readonly string[] }>(fact).segments);
  },
};
