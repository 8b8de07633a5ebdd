/**
 * Incidents: a step that cannot go on without a person. Its run waits for one, while other branches go on. Retrying in place exists for an
 * incident only: a step that has failed has told its run, and maybe others, of it.
 */
import type { Actor } from '@stepwell/contracts';
import { nodeOf } from '../run-state.js';
import { type FactDraft, type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

/**
 * `attempts-exhausted`: the author asked for it with `onExhausted: 'park'`. `poison`: its attempts end the process they run in.
 * `undo-failed`: the undo of a step is out of attempts; a person may say that it is dealt with. `outcome-unknown`: whether the effect of its last attempt happened is not known.
 */
export type IncidentCause = 'attempts-exhausted' | 'poison' | 'outcome-unknown' | 'undo-failed';

export interface IncidentOpenedPayload {
  readonly cause: IncidentCause;
  readonly fault: StepFault;
}

export interface IncidentRetriedPayload {
  readonly by: Actor | null;
  readonly reason: string | null;
}

/** The attempt of the fact is the one that was the last. */
export const incidentOpened: FactType = {
  type: 'incident.opened',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'incident');
    const { cause, fault } = payloadOf<IncidentOpenedPayload>(fact);
    Object.assign(node, { phase: 'incident', attempt: fact.attempt, fault });
    if (cause === 'undo-failed') node.mayBeSkipped = true;
    Object.assign(node, { asyncResultId: undefined, dueAt: undefined });
  },
};

/** The step has all its attempts again, and no deadline any more, and begins the first of them at once; numbers go on, so no two attempts have the same. */
export const incidentRetried: FactType = {
  type: 'incident.retried',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'retrying');
    Object.assign(node, { phase: 'retrying', spent: node.attempt, attempt: node.attempt + 1, dueAt: 0 });
    delete node.fault;
    delete node.deadlineAt;
    delete node.effect;
    delete node.beganWith;
  },
};

export function openIncident(
  { path, iteration, attempt }: { readonly path: string; readonly iteration: string; readonly attempt: number },
  { cause, fault }: IncidentOpenedPayload,
): FactDraft {
  return { type: 'incident.opened', path, iteration, attempt, payload: { cause, fault: { ...fault } } };
}
