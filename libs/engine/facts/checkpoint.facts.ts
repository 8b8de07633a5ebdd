import type { Json } from '@stepwell/contracts';
import { type FactType, payloadOf } from './fact.js';

export interface CheckpointSavedPayload {
  readonly value: Json;
}

/** How far a step has come, in its own words: what its next attempt begins with. The last one counts, until the step has an output. */
export const checkpointSaved: FactType = {
  type: 'checkpoint.saved',
  version: 1,
  apply: (state, fact) => {
    state.saved.set(fact.path, fact.iteration, payloadOf<CheckpointSavedPayload>(fact).value);
  },
};
