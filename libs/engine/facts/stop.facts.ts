/**
 * Stops: where a workflow wants to be asked behind each of its steps, the output of one holds the run until the answer is written down. So a
 * process that dies in between has it asked again, and no later step begins by an answer that is lost.
 */
import type { Actor, Json } from '@stepwell/contracts';
import type { RunState } from '../run-state.js';
import { replaceInInput } from './context.facts.js';
import { type Fact, type FactDraft, type FactType, payloadOf } from './fact.js';

/** Behind which fact, by its number. */
export interface HoldRef {
  readonly seq: number;
}

export interface StopLiftedPayload extends HoldRef {
  /** Fields of the input that are others from here on. */
  readonly patch?: { readonly [key: string]: Json };
  readonly by: Actor | null;
  readonly reason: string | null;
}

/** Nobody has anything against it: the run goes on behind this step. */
export const stepPassed: FactType = {
  type: 'step.passed',
  version: 1,
  apply: (state, fact) => void state.holds.delete(payloadOf<HoldRef>(fact).seq),
};

/** The run stands behind this step, until its checkpoint is run. */
export const runStopped: FactType = {
  type: 'run.stopped',
  version: 1,
  apply: (state, fact) => {
    const hold = state.holds.get(payloadOf<HoldRef>(fact).seq);
    if (hold) hold.isStopped = true;
  },
};

/** The checkpoint was run; maybe before anybody could say whether the run stops there. */
export const stopLifted: FactType = {
  type: 'stop.lifted',
  version: 1,
  apply: (state, fact) => {
    const { seq, patch } = payloadOf<StopLiftedPayload>(fact);
    state.holds.delete(seq);
    if (patch) replaceInInput(state, patch);
  },
};

/** It goes on in another installation, and so ends here; nothing of it is undone. */
export const runCarried: FactType = {
  type: 'run.carried',
  version: 1,
  apply: (state, fact) => {
    state.cancel = { reason: `It was carried to installation ${payloadOf<{ to: string }>(fact).to}.`, isForced: true };
  },
};

/** The output of a step, as one behind which the run is held until it is said whether it goes on. */
export function held<F extends FactDraft>(draft: F): F {
  return HOLDING.has(draft.type) ? { ...draft, payload: { ...(draft.payload as object), isHeld: true } } : draft;
}

const HOLDING: ReadonlySet<string> = new Set(['step.completed', 'incident.resolved']);

/** Part of `apply` for the facts that `held` marks. */
export function holdBehind(state: RunState, { seq, path, iteration, attempt, at, payload }: Fact): void {
  const { isHeld, startedAt = at } = payload as { readonly isHeld?: true; readonly startedAt?: number };
  if (isHeld) state.holds.set(seq, { seq, path, iteration, attempt, startedAt, at });
}
