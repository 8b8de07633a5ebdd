import type { Json } from '@stepwell/contracts';
import { type FactType, payloadOf } from './fact.js';

/** Somebody has said something to the run that its workflow takes; of several of one name the last one counts. */
export const signalReceived: FactType = {
  type: 'signal.received',
  version: 1,
  apply: (state, fact) => {
    const { name, payload } = payloadOf<{ name: string; payload: Json }>(fact);
    state.signals.set(name, payload);
  },
};
