import type { Json } from '@stepwell/contracts';
import type { NodesToInject } from '../injected-nodes.js';
import { inject } from '../injections.js';
import { nodeOf } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';
import type { StandInKind } from './policy.facts.js';
import type { StepFault } from './step-fault.js';
import { holdBehind } from './stop.facts.js';

export interface StepCompletedPayload {
  readonly output: Json;
  /** Milliseconds since 1970, when the attempt began. */
  readonly startedAt: number;
  /** The output is not the step's own, but of what stands in for it. */
  readonly substitute?: StandInKind;
  /** The outcome was not known; the author's `verify` has found that the effect happened. */
  readonly isVerified?: true;
  /** The output is that of another run with the same key, or was cached; the handler did not run. */
  readonly reused?: 'key' | 'cache';
  /** The run is held behind it: see `stop.facts.ts`. */
  readonly isHeld?: true;
  /** What the step has injected into the run. */
  readonly injected?: readonly NodesToInject[];
}

export interface AttemptFailedPayload {
  readonly fault: StepFault;
  /** Which process it ran in, for people; absent where none did, or an older one wrote it. */
  readonly worker?: string | undefined;
  readonly startedAt: number;
  /** When the next attempt begins; null when there is none and the step has failed. */
  readonly retryAt: number | null;
}

export interface AttemptSuspendedPayload {
  readonly asyncResultId: string | null;
  readonly dueAt: number | null;
  readonly startedAt: number;
  /** The input that it began with, where the run's was updated while it was at work. */
  readonly beganWith?: Json;
}

/** Written only for attempts that take long, so that operators see them while they run. */
export const attemptStarted: FactType = { type: 'attempt.started', version: 1, apply: () => undefined };

/** How far a long attempt has come, at most one a second; the last one counts. */
export const attemptProgress: FactType = { type: 'attempt.progress', version: 1, apply: () => undefined };

/** The step's output, once and for ever. */
export const stepCompleted: FactType = {
  type: 'step.completed',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'completed');
    node.phase = 'completed';
    node.attempt = fact.attempt;
    const { output, injected = [] } = payloadOf<StepCompletedPayload>(fact);
    node.output = output;
    for (const one of injected) inject(state, one, { path: fact.path, iteration: fact.iteration });
    node.dueAt = undefined;
    // To delete what is not there costs as much.
    if (node.deadlineAt !== undefined) delete node.deadlineAt;
    if (node.effect) node.effect = 'made';
    if (node.beganWith !== undefined) delete node.beganWith;
    holdBehind(state, fact);
  },
};

export const attemptFailed: FactType = {
  type: 'attempt.failed',
  version: 1,
  apply: (state, fact) => {
    const { fault, retryAt } = payloadOf<AttemptFailedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'retrying');
    node.fault = fault;
    node.asyncResultId = undefined;
    node.dueAt = retryAt ?? undefined;
    node.phase = retryAt === null ? 'failed' : 'retrying';
    node.attempt = retryAt === null ? fact.attempt : fact.attempt + 1;
    delete node.effect;
    delete node.beganWith;
  },
};

/** The attempt waits; it keeps its number when it is entered again. */
export const attemptSuspended: FactType = {
  type: 'attempt.suspended',
  version: 1,
  apply: (state, fact) => {
    const { asyncResultId, dueAt, beganWith } = payloadOf<AttemptSuspendedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'suspended');
    node.phase = 'suspended';
    node.attempt = fact.attempt;
    node.asyncResultId = asyncResultId ?? undefined;
    node.dueAt = dueAt ?? undefined;
    node.suspensions++;
    const { suspendedIn } = node;
    node.suspendedIn = { attempt: fact.attempt, times: suspendedIn?.attempt === fact.attempt ? suspendedIn.times + 1 : 1 };
    if (beganWith !== undefined) node.beganWith ??= beganWith;
  },
};

/** A late result of a closed attempt: recorded, never applied. */
export const attemptDiscarded: FactType = { type: 'attempt.discarded', version: 1, apply: () => undefined };

/** The step waits in another queue. */
export const stepDispatched: FactType = {
  type: 'step.dispatched',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'dispatched');
    node.phase = 'dispatched';
    node.attempt = fact.attempt;
    node.dispatchId = payloadOf<{ dispatchId: string }>(fact).dispatchId;
    node.dueAt = undefined;
  },
};

/** The first settlement counts; it is kept whether or not somebody waits for it yet. */
export const asyncResultSettled: FactType = {
  type: 'async-result.settled',
  version: 1,
  apply: (state, fact) => {
    const payload = payloadOf<{ id: string; ok: boolean; value?: Json; reason?: string }>(fact);
    if (state.asyncResults.has(payload.id)) return;
    state.asyncResults.set(
      payload.id,
      payload.ok ? { ok: true, value: payload.value ?? null } : { ok: false, reason: payload.reason ?? '' },
    );
  },
};
