import type { Json } from '@stepwell/contracts';
import { type FactType, payloadOf } from './fact.js';

export interface CheckpointSavedPayload {
  /** Not there any more once the run's checkpoints up to here were pruned. */
  readonly value?: Json;
}

/** How far a step has come, in its own words: what its next attempt begins with. The last one counts, until the step has an output. */
export const checkpointSaved: FactType = {
  type: 'checkpoint.saved',
  version: 1,
  apply: (state, fact) => {
    const { value } = payloadOf<CheckpointSavedPayload>(fact);
    if (value === undefined) state.saved.delete(fact.path, fact.iteration);
    else state.saved.set(fact.path, fact.iteration, value);
  },
};
