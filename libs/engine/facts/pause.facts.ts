/**
 * A pause holds the whole run: no handler, no choice and no timer of it begins until it is resumed. What runs may finish, and what is said
 * to the run is kept. A cancel lifts it: see `cancelRequested`.
 */
import type { FactType } from './fact.js';

export const runPaused: FactType = {
  type: 'run.paused',
  version: 1,
  apply: (state) => {
    state.isPaused = true;
  },
};

export const runResumed: FactType = {
  type: 'run.resumed',
  version: 1,
  apply: (state) => {
    state.isPaused = false;
  },
};
