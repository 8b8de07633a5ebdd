/** What the policies of a step have decided about it, before its attempts and instead of them. */
import { nodeOf } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

/** A function of the author that gives an output in place of the step: its `onFailure`, or the `onBreach` of its deadline. */
export type StandInKind = 'failure' | 'breach';

export interface StepReadyPayload {
  /** When its first attempt begins, milliseconds since 1970; null for at once. */
  readonly dueAt: number | null;
  /** When its time is over. */
  readonly deadlineAt: number | null;
  /** Its idempotency key, and that of its cached output. */
  readonly key?: string;
  readonly cacheKey?: string;
}

/** The step was reached: its pause and its time have begun, once. Written only for steps that have such policies. */
export const stepReady: FactType = {
  type: 'step.ready',
  version: 1,
  apply: (state, fact) => {
    const { dueAt, deadlineAt, key, cacheKey } = payloadOf<StepReadyPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'ready');
    node.dueAt = dueAt ?? undefined;
    node.deadlineAt = deadlineAt ?? undefined;
    if (key !== undefined) node.key = key;
    if (cacheKey !== undefined) node.cacheKey = cacheKey;
  },
};

/** Its `when` said no: it has no output, and the run goes on behind it. */
export const stepSkipped: FactType = {
  type: 'step.skipped',
  version: 1,
  apply: (state, fact) => void nodeOf(state, fact.path, fact.iteration, 'skipped'),
};

export interface KeyHeldPayload {
  readonly key: string;
  /** When it is asked for again, milliseconds since 1970. */
  readonly retryAt: number;
}

/** Another run is at work under the key of the step: the attempt has not begun, and waits. */
export const keyHeld: FactType = {
  type: 'key.held',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'ready');
    Object.assign(node, { phase: 'ready', attempt: fact.attempt, dueAt: payloadOf<KeyHeldPayload>(fact).retryAt });
    node.holds = (node.holds ?? 0) + 1;
    node.suspensions++;
    delete node.effect;
  },
};

export interface DeadlinePassedPayload {
  readonly fault: StepFault;
  /** The author's handler of the breach has the word. */
  readonly isHandled: boolean;
}

/** Its time is over: whatever it still does is discarded. */
export const deadlinePassed: FactType = {
  type: 'deadline.passed',
  version: 1,
  apply: (state, fact) => {
    const { fault, isHandled } = payloadOf<DeadlinePassedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'failed');
    Object.assign(node, {
      phase: isHandled ? 'breached' : 'failed',
      fault,
      dueAt: undefined,
      deadlineAt: undefined,
      asyncResultId: undefined,
    });
  },
};

export interface StandInFailedPayload {
  readonly standIn: StandInKind;
  /** What it threw. */
  readonly fault: StepFault;
  readonly startedAt: number;
}

/** The stand-in has come to nothing too: now the step has failed. */
export const standInFailed: FactType = {
  type: 'stand-in.failed',
  version: 1,
  apply: (state, fact) => {
    const { fault } = payloadOf<StandInFailedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'failed');
    Object.assign(node, {
      phase: 'failed',
      hasStandInFailed: true,
      ...(node.fault ? { fault: bothFaults(node.fault, payloadOf(fact)) } : { fault }),
    });
  },
};

/** The step's own fault, which says that its stand-in has failed too, and of what. */
export function bothFaults(own: StepFault, { standIn, fault }: StandInFailedPayload): StepFault {
  const name = standIn === 'failure' ? 'onFailure' : 'onBreach';
  return { ...own, message: `${own.message} Its ${name} failed too: ${fault.message}`, retryable: false };
}
