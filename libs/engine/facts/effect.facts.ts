/**
 * Effects outside that must not happen twice. Each attempt of such a step is written down before its handler begins; when its outcome is
 * not, it is *unknown*: the step neither goes on nor fails before somebody has found out whether the effect happened.
 */
import type { Actor, Json } from '@stepwell/contracts';
import type { ExecuteAction } from '../actions.js';
import { type NodeState, nodeOf, type RunState } from '../run-state.js';
import { type FactDraft, type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';
import { holdBehind } from './stop.facts.js';

/** The handler begins as soon as this is durable, under the lease that wrote it. */
export const effectBegun: FactType = {
  type: 'effect.begun',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'begun');
    const anew = { checks: 0, isUnverifiable: false, isOfBefore: undefined, dueAt: undefined };
    Object.assign(node, { phase: 'begun', attempt: fact.attempt, effect: 'begun', ...anew });
  },
};

export interface EffectUnknownPayload {
  readonly fault: StepFault;
  /** Milliseconds since 1970; null when it is not known. */
  readonly startedAt: number | null;
}

/** Nobody will say any more how the attempt ended. */
export const effectUnknown: FactType = {
  type: 'effect.unknown',
  version: 1,
  apply: (state, fact) => {
    const { fault } = payloadOf<EffectUnknownPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'unknown');
    Object.assign(node, { phase: 'unknown', attempt: fact.attempt, effect: 'unknown', fault, dueAt: undefined, asyncResultId: undefined });
  },
};

export interface EffectUnverifiedPayload {
  /** Why the author's `verify` could not say. */
  readonly fault: StepFault;
  /** When it is asked again, milliseconds since 1970; null when it is not. */
  readonly retryAt: number | null;
}

/** The author's `verify` was asked, and does not know. */
export const effectUnverified: FactType = {
  type: 'effect.unverified',
  version: 1,
  apply: (state, fact) => {
    const { retryAt } = payloadOf<EffectUnverifiedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'unknown');
    Object.assign(node, { dueAt: retryAt ?? undefined, checks: (node.checks ?? 0) + 1, isUnverifiable: retryAt === null });
  },
};

export interface IncidentResolvedPayload {
  readonly output: Json;
  readonly by: Actor | null;
  readonly reason: string | null;
}

/** A person has found that the effect happened, and what came of it. */
export const incidentResolved: FactType = {
  type: 'incident.resolved',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'completed');
    Object.assign(node, { phase: 'completed', output: payloadOf<IncidentResolvedPayload>(fact).output, effect: 'made' });
    delete node.fault;
    holdBehind(state, fact);
  },
};

/** Of attempts that a worker had begun before this one took the run: each activation records them before it decides anything. */
export function lostEffects(state: RunState): readonly FactDraft[] {
  return [...state.nodes.values()].filter(({ phase }) => phase === 'begun').map((node) => unknownEffect(node, { ...LOST }, null));
}

/** The same of a step that another worker had on another queue. */
export function lostEffect({ node, iteration, attempt }: Pick<ExecuteAction, 'node' | 'iteration' | 'attempt'>): readonly FactDraft[] {
  return [unknownEffect({ path: node.path, iteration, attempt }, LOST, null)];
}

export function unknownEffect(
  { path, iteration, attempt }: Pick<NodeState, 'path' | 'iteration' | 'attempt'>,
  fault: StepFault,
  startedAt: number | null,
): FactDraft {
  return { type: 'effect.unknown', path, iteration, attempt, payload: { fault: { ...fault }, startedAt } };
}

const LOST: StepFault = {
  code: 'OUTCOME_UNKNOWN',
  message:
    'The worker of this attempt ended, or lost the run, before its outcome was written down. Whether its effect happened is not known.',
  retryable: true,
};
