import type { StepFault, TimelineAttempt, TimelineEscalation, TimelineStep } from '@stepwell/engine';
import type { AttemptObject, StepErrorObject, StepEscalationObject, StepObject } from './step.object.js';

export function stepObject(step: TimelineStep): StepObject {
  return {
    ...step,
    startedAt: instant(step.startedAt),
    endedAt: instant(step.endedAt),
    dueAt: instant(step.dueAt),
    error: step.error && errorObject(step.error),
    attempts: step.attempts.map(attemptObject),
    escalations: step.escalations.map(escalationObject),
  };
}

function escalationObject({ fault, whom, ...escalation }: TimelineEscalation): StepEscalationObject {
  const times = { dueAt: instant(escalation.dueAt), at: instant(escalation.at) };
  return { ...escalation, ...times, whom: whom?.join(', ') ?? null, error: fault && errorObject(fault) };
}

function attemptObject(attempt: TimelineAttempt): AttemptObject {
  return {
    ...attempt,
    startedAt: instant(attempt.startedAt),
    endedAt: instant(attempt.endedAt),
    retryAt: instant(attempt.retryAt),
    error: attempt.error && errorObject(attempt.error),
  };
}

export function errorObject(fault: StepFault): StepErrorObject {
  return { code: fault.code, message: fault.message, stack: fault.stack ?? null };
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
