/**
 * What each fact type says about the timeline of its node. A fact type that says nothing is not listed; one that this build does not
 * know is passed over, so that a page shows what it can.
 */
import { AttemptStatus, type Json, WaitReason } from '@stepwell/contracts';
import type { AttemptFailedPayload, AttemptSuspendedPayload, StepCompletedPayload } from '../facts/attempt.facts.js';
import type { EffectUnknownPayload, EffectUnverifiedPayload, IncidentResolvedPayload } from '../facts/effect.facts.js';
import type { ChildEndedPayload } from '../facts/child.facts.js';
import type { EventWaitStartedPayload } from '../facts/event.facts.js';
import { type Fact, payloadOf } from '../facts/fact.js';
import type { IncidentOpenedPayload } from '../facts/incident.facts.js';
import type { LoopTurnedPayload } from '../facts/loop.facts.js';
import type { BatchEmittedPayload } from '../facts/node.facts.js';
import {
  bothFaults,
  type DeadlinePassedPayload,
  type KeyHeldPayload,
  type StandInFailedPayload,
  type StepReadyPayload,
} from '../facts/policy.facts.js';
import type { StepFault } from '../facts/step-fault.js';
import type { TimelineAttempt, TimelineStep } from './timeline-step.js';

type FactReader = (step: TimelineStep, fact: Fact) => void;

export const FACT_READERS: ReadonlyMap<string, FactReader> = new Map<string, FactReader>([
  [
    'attempt.started',
    (step, fact) => {
      const { startedAt } = payloadOf<{ startedAt: number }>(fact);
      begin(step, startedAt);
      attemptOf(step, fact.attempt, startedAt);
    },
  ],
  [
    'checkpoint.saved',
    (step, fact) => {
      begin(step, fact.at);
      attemptOf(step, fact.attempt, null);
    },
  ],
  [
    'step.completed',
    (step, fact) => {
      const { output, startedAt, substitute, reused } = payloadOf<StepCompletedPayload>(fact);
      begin(step, startedAt);
      if (reused) step.substitute = reused;
      if (substitute) Object.assign(step, { substitute, error: null });
      else endAttempt(attemptOf(step, fact.attempt, startedAt), AttemptStatus.completed, fact.at);
      complete(step, output, fact.at);
    },
  ],
  [
    'step.ready',
    (step, fact) => {
      begin(step, fact.at);
      const { dueAt } = payloadOf<StepReadyPayload>(fact);
      if (dueAt !== null) wait(step, WaitReason.timer, dueAt);
    },
  ],
  [
    'key.held',
    (step, fact) => {
      begin(step, fact.at);
      wait(step, WaitReason.key, payloadOf<KeyHeldPayload>(fact).retryAt);
    },
  ],
  [
    'step.skipped',
    (step, fact) => {
      begin(step, fact.at);
      endStep(step, AttemptStatus.skipped, fact.at);
    },
  ],
  [
    'deadline.passed',
    (step, fact) => {
      begin(step, fact.at);
      const { fault } = payloadOf<DeadlinePassedPayload>(fact);
      for (const attempt of step.attempts) if (attempt.endedAt === null) endAttempt(attempt, AttemptStatus.canceled, fact.at);
      endStep(step, AttemptStatus.failed, fact.at);
      step.error = fault;
    },
  ],
  [
    'effect.begun',
    (step, fact) => {
      begin(step, fact.at);
      attemptOf(step, fact.attempt, fact.at);
    },
  ],
  [
    'effect.unknown',
    (step, fact) => {
      const { fault } = payloadOf<EffectUnknownPayload>(fact);
      begin(step, fact.at);
      const attempt = attemptOf(step, fact.attempt, null);
      endAttempt(attempt, AttemptStatus.unknown, fact.at);
      attempt.error = fault;
      wait(step, WaitReason.verification, null);
    },
  ],
  ['effect.unverified', (step, fact) => wait(step, WaitReason.verification, payloadOf<EffectUnverifiedPayload>(fact).retryAt)],
  [
    'incident.resolved',
    (step, fact) => {
      step.error = null;
      complete(step, payloadOf<IncidentResolvedPayload>(fact).output, fact.at);
    },
  ],
  [
    'stand-in.failed',
    (step, fact) => {
      endStep(step, AttemptStatus.failed, fact.at);
      if (step.error) step.error = bothFaults(step.error, payloadOf<StandInFailedPayload>(fact));
    },
  ],
  [
    'attempt.failed',
    (step, fact) => {
      const { fault, startedAt, retryAt, worker = null } = payloadOf<AttemptFailedPayload>(fact);
      begin(step, startedAt);
      const attempt = attemptOf(step, fact.attempt, startedAt);
      endAttempt(attempt, AttemptStatus.failed, fact.at);
      Object.assign(attempt, { error: fault, retryAt, worker });
      if (retryAt !== null) return wait(step, WaitReason.retry, retryAt);
      endStep(step, AttemptStatus.failed, fact.at);
      step.error = fault;
    },
  ],
  [
    'incident.opened',
    (step, fact) => {
      begin(step, fact.at);
      const { fault } = payloadOf<IncidentOpenedPayload>(fact);
      for (const attempt of step.attempts) if (attempt.endedAt === null) endAttempt(attempt, AttemptStatus.failed, fact.at);
      Object.assign(step, { error: fault, endedAt: null });
      wait(step, WaitReason.incident, null);
    },
  ],
  [
    'incident.retried',
    (step) => {
      step.error = null;
      resume(step);
    },
  ],
  [
    'attempt.suspended',
    (step, fact) => {
      const { asyncResultId, dueAt, startedAt } = payloadOf<AttemptSuspendedPayload>(fact);
      begin(step, startedAt);
      attemptOf(step, fact.attempt, startedAt).status = AttemptStatus.waiting;
      wait(step, asyncResultId === null ? WaitReason.timer : WaitReason.asyncResult, dueAt);
    },
  ],
  [
    'step.dispatched',
    (step, fact) => {
      begin(step, fact.at);
      attemptOf(step, fact.attempt, null).status = AttemptStatus.waiting;
      wait(step, WaitReason.dispatch, null);
    },
  ],
  [
    'task.opened',
    (step, fact) => {
      begin(step, fact.at);
      step.taskId = payloadOf<{ taskId: string }>(fact).taskId;
      wait(step, WaitReason.task, null);
    },
  ],
  ['task.completed', (step, fact) => complete(step, payloadOf<{ answer: Json }>(fact).answer, fact.at)],
  [
    'wait.started',
    (step, fact) => {
      begin(step, fact.at);
      wait(step, WaitReason.timer, payloadOf<{ dueAt: number }>(fact).dueAt);
    },
  ],
  ['wait.completed', (step, fact) => complete(step, null, fact.at)],
  [
    'event-wait.started',
    (step, fact) => {
      begin(step, fact.at);
      wait(step, WaitReason.event, payloadOf<EventWaitStartedPayload>(fact).dueAt);
    },
  ],
  // What came is in the state: see timeline.ts.
  ['event.consumed', (step, fact) => endStep(step, AttemptStatus.completed, fact.at)],
  ['event-wait.timed-out', (step, fact) => endStep(step, AttemptStatus.completed, fact.at)],
  [
    'signal-wait.started',
    (step, fact) => {
      begin(step, fact.at);
      wait(step, WaitReason.signal, payloadOf<{ dueAt: number | null }>(fact).dueAt);
    },
  ],
  ['signal.heard', (step, fact) => endStep(step, AttemptStatus.completed, fact.at)],
  ['signal-wait.timed-out', (step, fact) => endStep(step, AttemptStatus.completed, fact.at)],
  [
    'cancel-on.started',
    (step, fact) => {
      begin(step, fact.at);
      complete(step, null, fact.at);
    },
  ],
  [
    'child.started',
    (step, fact) => {
      const { childId, isAwaited } = payloadOf<{ childId: string; isAwaited: boolean }>(fact);
      begin(step, fact.at);
      step.childRunId = childId;
      if (isAwaited) wait(step, WaitReason.child, null);
      else complete(step, { runId: childId }, fact.at);
    },
  ],
  [
    'child.ended',
    (step, fact) => {
      const { output, fault } = payloadOf<ChildEndedPayload>(fact);
      if (!fault) return complete(step, output ?? null, fact.at);
      endStep(step, AttemptStatus.failed, fact.at);
      step.error = fault;
    },
  ],
  [
    'child.refused',
    (step, fact) => {
      begin(step, fact.at);
      endStep(step, AttemptStatus.failed, fact.at);
      step.error = payloadOf<{ fault: StepFault }>(fact).fault;
    },
  ],
  ['branch.chosen', (step, fact) => begin(step, fact.at)],
  ['items.listed', (step, fact) => begin(step, fact.at)],
  ['page.listed', (step, fact) => begin(step, fact.at)],
  [
    'loop.turned',
    (step, fact) => {
      begin(step, fact.at);
      const { dueAt } = payloadOf<LoopTurnedPayload>(fact);
      if (dueAt !== null) wait(step, WaitReason.timer, dueAt);
    },
  ],
  ['inject.turned', (step, fact) => begin(step, fact.at)],
  ['node.entered', (step, fact) => begin(step, fact.at)],
  ['race.won', (step, fact) => begin(step, fact.at)],
  ['failure.caught', (step, fact) => begin(step, fact.at)],
  ['branches.canceled', fail],
  ['node.failed', fail],
  ['evaluation.failed', fail],
  [
    'event.emitted',
    (step, fact) => {
      begin(step, fact.at);
      complete(step, { eventId: payloadOf<{ eventId: string }>(fact).eventId }, fact.at);
    },
  ],
  [
    'batch.emitted',
    (step, fact) => {
      const batch = payloadOf<BatchEmittedPayload>(fact);
      begin(step, batch.startedAt);
      const attempt = attemptOf(step, fact.attempt, batch.startedAt);
      resume(step);
      step.output = added(step.output, batch);
      if (!batch.done) return;
      endAttempt(attempt, AttemptStatus.completed, fact.at);
      complete(step, step.output, fact.at);
    },
  ],
]);

/** The attempt with this number, running until a fact says otherwise. */
export function attemptOf(step: TimelineStep, number: number, startedAt: number | null): TimelineAttempt {
  let attempt = step.attempts.find((one) => one.number === number);
  if (!attempt) {
    attempt = { number, status: AttemptStatus.running, startedAt, endedAt: null, error: null, worker: null, retryAt: null };
    step.attempts.push(attempt);
  }
  // One entry after a suspension has a later start; the attempt began with the first.
  attempt.startedAt ??= startedAt;
  return attempt;
}

/** Goes on: nothing that it waited for holds it any more. */
export function resume(step: TimelineStep): void {
  step.status = AttemptStatus.running;
  step.waitReason = null;
  step.dueAt = null;
}

export function endAttempt(attempt: TimelineAttempt, status: AttemptStatus, at: number): void {
  attempt.status = status;
  attempt.endedAt = at;
}

export function endStep(step: TimelineStep, status: AttemptStatus, at: number): void {
  resume(step);
  step.status = status;
  step.endedAt = at;
}

export function complete(step: TimelineStep, output: Json, at: number): void {
  endStep(step, AttemptStatus.completed, at);
  step.output = output;
}

/** A control node that failed with one of its branches, or a node whose pure functions threw. */
function fail(step: TimelineStep, fact: Fact): void {
  begin(step, fact.at);
  endStep(step, AttemptStatus.failed, fact.at);
  step.error = payloadOf<{ fault: StepFault }>(fact).fault;
}

function begin(step: TimelineStep, at: number): void {
  step.startedAt ??= at;
  resume(step);
}

function wait(step: TimelineStep, reason: WaitReason, dueAt: number | null): void {
  step.status = AttemptStatus.waiting;
  step.waitReason = reason;
  step.dueAt = dueAt;
}

function added(sum: Json, { read, rejected, deduplicated, started }: BatchEmittedPayload): Json {
  const before = (sum ?? {}) as Partial<Record<'read' | 'rejected' | 'deduplicated' | 'started', number>>;
  return {
    read: (before.read ?? 0) + read,
    rejected: (before.rejected ?? 0) + rejected,
    deduplicated: (before.deduplicated ?? 0) + deduplicated,
    started: (before.started ?? 0) + started,
  };
}
