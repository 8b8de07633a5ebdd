/** What nodes say that keep a cancel away from a branch, or deal with what fails in one. */
import { nodeKey } from '../graph/iteration.js';
import { nodeOf } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

/** The node has begun: from now on its shielded branch is run to its end, whatever is canceled around the node. */
export const nodeEntered: FactType = {
  type: 'node.entered',
  version: 1,
  apply: (state, fact) => {
    const { path, iteration } = fact;
    nodeOf(state, path, iteration, 'chosen');
    state.shields.set(nodeKey(path, iteration), { path, iteration, segment: payloadOf<{ shielded: string }>(fact).shielded });
  },
};

/** A try has handed a failure to its catch. */
export const failureCaught: FactType = {
  type: 'failure.caught',
  version: 1,
  apply: (state, fact) => {
    nodeOf(state, fact.path, fact.iteration, 'chosen').caught = payloadOf<{ fault: StepFault }>(fact).fault;
  },
};
