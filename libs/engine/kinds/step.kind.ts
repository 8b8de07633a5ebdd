import type { Json, WaitReason } from '@stepwell/contracts';
import { type EmitRecordsNode, stepMetadata, type StepNode } from '@stepwell/sdk';
import type { Decision } from '../decision.js';
import type { FactDraft } from '../facts/fact.js';
import type { AttemptFailedPayload } from '../facts/attempt.facts.js';
import { unknownEffect } from '../facts/effect.facts.js';
import { openIncident } from '../facts/incident.facts.js';
import type { StepFault } from '../facts/step-fault.js';
import type { GraphNode } from '../graph/graph.js';
import type { NodeKind } from '../graph/node-kind.js';
import { type Outcome, PENDING } from '../graph/outcome.js';
import type { EvaluateContext } from '../evaluate-context.js';
import { nextAttemptAt, ruledOn } from '../policies/retry.js';
import { deadlinePassed, isOverdue, isReachedByFact, reached } from '../policies/step-policies.js';
import { type NodeState, triesOf } from '../run-state.js';
import { conditionText } from './condition-text.js';

/** A handler: executed, retried by policy, suspended and entered again from the top. */
export const stepKind: NodeKind<StepNode> = {
  kind: 'step',
  label: (definition) => definition.id,
  handler: (definition) => definition.handler,
  queue: (definition) => definition.queue,
  undo: (definition) => definition.compensation,
  options: ({ retry, timeoutMs, queue, priority, policy, compensation }) => ({
    attempts: retry.attempts > 1 ? retry.attempts : null,
    backoffMs: retry.attempts > 1 ? retry.backoffMs : null,
    growth: retry.attempts > 1 && retry.growth !== 'exponential' ? retry.growth : null,
    retryOn: retry.retryOn?.join(', ') ?? null,
    giveUpOn: retry.giveUpOn.join(', ') || null,
    timeoutMs,
    queue,
    priority,
    when: policy.when ? (conditionText(policy.when) ?? 'asked') : null,
    delayMs: policy.fixedDelayMs,
    deadlineMs: policy.deadlineMs,
    onFailure: policy.onFailure ? 'substitute' : null,
    heartbeatMs: policy.heartbeatMs,
    idempotency: policy.idempotency ? 'by key' : null,
    cacheMs: policy.cache?.ttlMs ?? null,
    access: policy.access ? 'limited' : null,
    delivery:
      policy.delivery && (policy.delivery.mode === 'checkpoint' ? `checkpoint, ${policy.delivery.every} at once` : policy.delivery.mode),
    compensate: compensation && (stepMetadata(compensation.handler as never)?.id ?? null),
    effect: policy.externalEffect && (policy.externalEffect.verify ? 'external, verified' : 'external'),
  }),

  advance: (node, iteration, decision, state) => {
    decision.priority = node.definition.priority ?? undefined;
    const outcome = advance(node, iteration, decision, state);
    decision.priority = undefined;
    return outcome;
  },

  /** Whether and when it begins; and that a rejected result, or none in time, is a failed attempt under the retry policy. */
  evaluate: async (node, iteration, purpose, context) => {
    if (purpose === 'reach') return [await reached(node, iteration, context)];
    const { state } = context;
    const waiting = state.nodes.get(node.path, iteration);
    if (waiting?.phase !== 'suspended') return [];
    const result = waiting.asyncResultId === undefined ? undefined : state.asyncResults.get(waiting.asyncResultId);
    const fault: StepFault =
      purpose.startsWith('reject') && result && !result.ok
        ? { code: 'ASYNC_RESULT_REJECTED', message: `The outside service answered with an error: ${result.reason}`, retryable: true }
        : { code: 'WAIT_TIMED_OUT', message: 'The result did not come in time.', retryable: true };
    if (node.definition.policy.externalEffect && !purpose.startsWith('reject')) return [unknownEffect(waiting, fault, null)];
    return [failedAttempt(node, waiting, { fault }, context)];
  },
};

function advance(node: GraphNode<StepNode>, iteration: string, decision: Decision, state: NodeState | undefined): Outcome {
  const { policy } = node.definition;
  if (!state) return isReachedByFact(policy) ? decision.evaluate(node, iteration, 'reach') : begin(node, iteration, FIRST, decision);
  if (isOverdue(node, state, decision.now)) return decision.record(node, iteration, 'deadline', [deadlinePassed(node, state)]);
  switch (state.phase) {
    case 'completed':
      return { status: 'completed', output: state.output };
    case 'skipped':
      return { status: 'completed', output: undefined };
    case 'ready':
      return state.dueAt === undefined || isDue(state, decision)
        ? begin(node, iteration, state, decision)
        : wait(state.holds === undefined ? 'timer' : 'key', state, decision);
    case 'retrying':
      return isDue(state, decision) ? begin(node, iteration, state, decision) : wait('retry', state, decision);
    case 'begun':
      return decision.execute(node, iteration, state.attempt, state.suspensions);
    case 'unknown':
      return advanceUnknown(node, iteration, state, decision);
    case 'suspended':
      return advanceSuspended(node, iteration, state, decision);
    case 'dispatched':
      return policy.externalEffect ? decision.wait('dispatch') : decision.wait('dispatch', state.deadlineAt);
    case 'incident':
      return decision.wait('incident');
    case 'breached':
      return decision.executeStandIn(node, iteration, state.attempt, 'breach');
    case 'failed':
      if (policy.onFailure && !state.hasStandInFailed) return decision.executeStandIn(node, iteration, state.attempt, 'failure');
      return exhausted(node, iteration, state, decision);
    // Nobody needs it any more: it has come to nothing, which is no failure.
    case 'canceled':
      return PENDING;
    default:
      return { status: 'failed', fault: faultOf(state) };
  }
}

/** Out of attempts: parked, if the author asked for it. */
export function exhausted(node: GraphNode<StepNode | EmitRecordsNode>, iteration: string, state: NodeState, decision: Decision): Outcome {
  const fault = faultOf(state);
  if (node.definition.onExhausted === 'fail') return { status: 'failed', fault };
  const cause = (node.definition.kind as string) === 'compensation' ? 'undo-failed' : 'attempts-exhausted';
  return decision.record(node, iteration, `park-${state.attempt}`, [openIncident(state, { cause, fault })]);
}

function faultOf({ fault }: NodeState): StepFault {
  return fault ?? { code: 'STEP_FAILED', message: 'The step failed.', retryable: false };
}

/** The first attempt of a step without a state. */
const FIRST: Pick<NodeState, 'attempt' | 'suspensions' | 'deadlineAt'> = { attempt: 1, suspensions: 0 };

/** Begins an attempt; one with an effect outside is written down before. */
function begin(
  node: GraphNode<StepNode>,
  iteration: string,
  state: Pick<NodeState, 'attempt' | 'suspensions' | 'deadlineAt'>,
  decision: Decision,
): Outcome {
  if (!node.definition.policy.externalEffect) return execute(node, iteration, state, decision);
  const begun = { type: 'effect.begun', path: node.path, iteration, attempt: state.attempt, payload: null };
  return decision.record(node, iteration, `begin-${state.attempt}`, [begun]);
}

/** The outcome of an effect is found out by the author's code, or by a person; until then the step neither goes on nor fails. */
function advanceUnknown(node: GraphNode<StepNode>, iteration: string, state: NodeState, decision: Decision): Outcome {
  const verifies = node.definition.policy.externalEffect?.verify && !state.isUnverifiable;
  if (!verifies)
    return decision.record(node, iteration, `park-${state.attempt}`, [
      openIncident(state, { cause: 'outcome-unknown', fault: faultOf(state) }),
    ]);
  if (state.dueAt !== undefined && !isDue(state, decision)) return decision.wait('verification', state.dueAt);
  return decision.executeStandIn(node, iteration, state.attempt, 'verify', state.checks);
}

/** Runs the handler; should it be under way when its time is over, that is looked at then. */
function execute(
  node: GraphNode<StepNode>,
  iteration: string,
  state: Pick<NodeState, 'attempt' | 'suspensions' | 'deadlineAt'>,
  decision: Decision,
  resumed?: { readonly data: Json },
): Outcome {
  if (state.deadlineAt !== undefined && !node.definition.policy.externalEffect) decision.wait('timer', state.deadlineAt);
  return decision.execute(node, iteration, state.attempt, state.suspensions, resumed);
}

/** Waits until its timer or its time is over, whichever comes first. */
function wait(reason: WaitReason, { dueAt, deadlineAt }: NodeState, decision: Decision): Outcome {
  return decision.wait(reason, dueAt === undefined || deadlineAt === undefined ? (dueAt ?? deadlineAt) : Math.min(dueAt, deadlineAt));
}

function isDue(state: NodeState, decision: Decision): boolean {
  return state.dueAt !== undefined && state.dueAt <= decision.now;
}

function advanceSuspended(node: GraphNode<StepNode>, iteration: string, state: NodeState, decision: Decision): Outcome {
  if (state.asyncResultId === undefined) {
    return isDue(state, decision) ? execute(node, iteration, state, decision, { data: null }) : wait('timer', state, decision);
  }
  const result = decision.state.asyncResults.get(state.asyncResultId);
  if (result?.ok) return execute(node, iteration, state, decision, { data: result.value });
  if (result) return decision.evaluate(node, iteration, `reject-${state.asyncResultId}`);
  if (isDue(state, decision)) return decision.evaluate(node, iteration, `time-out-${state.asyncResultId}`);
  return node.definition.policy.externalEffect ? decision.wait('async-result', state.dueAt) : wait('async-result', state, decision);
}

/** How an attempt failed. */
export interface AttemptFailure {
  readonly fault: StepFault;
  /** What was thrown; undefined when nothing was. */
  readonly cause?: unknown;
  /** Milliseconds since 1970; default now. */
  readonly startedAt?: number;
  /** Which process it ran in. */
  readonly worker?: string;
}

/** The fact of a failed attempt, with the policy's decision about the next one. */
export function failedAttempt(
  node: GraphNode<StepNode>,
  { path, iteration, attempt }: Pick<FactDraft, 'path' | 'iteration' | 'attempt'>,
  { fault, cause, startedAt, worker }: AttemptFailure,
  { state, now, random, read }: Pick<EvaluateContext, 'state' | 'now' | 'random' | 'read'>,
): FactDraft {
  const { retry } = node.definition;
  const tries = triesOf(state, { path, iteration, attempt });
  const mayRetry = nextAttemptAt(retry, fault, tries, now, random) !== null;
  const ruled = mayRetry ? ruledOn(retry, fault, cause, read, attempt) : fault;
  const retryAt = nextAttemptAt(retry, ruled, tries, now, random);
  const payload: AttemptFailedPayload = { fault: ruled, startedAt: startedAt ?? now, retryAt, worker };
  return { type: 'attempt.failed', path, iteration, attempt, payload: JSON.parse(JSON.stringify(payload)) as never };
}
