import type { EmitRecordsNode, StepNode } from '@stepwell/sdk';
import type { Decision } from '../decision.js';
import type { FactDraft } from '../facts/fact.js';
import type { AttemptFailedPayload } from '../facts/attempt.facts.js';
import { openIncident } from '../facts/incident.facts.js';
import type { StepFault } from '../facts/step-fault.js';
import type { GraphNode } from '../graph/graph.js';
import { nodeKey } from '../graph/iteration.js';
import type { NodeKind } from '../graph/node-kind.js';
import type { Outcome } from '../graph/outcome.js';
import type { EvaluateContext } from '../evaluate-context.js';
import { nextAttemptAt, ruledOn } from '../policies/retry.js';
import { type NodeState, triesOf } from '../run-state.js';

/** A handler: executed, retried by policy, suspended and entered again from the top. */
export const stepKind: NodeKind<StepNode> = {
  kind: 'step',
  label: (definition) => definition.id,
  handler: (definition) => definition.handler,
  queue: (definition) => definition.queue,
  options: ({ retry, timeoutMs, queue }) => ({
    attempts: retry.attempts > 1 ? retry.attempts : null,
    backoffMs: retry.attempts > 1 ? retry.backoffMs : null,
    growth: retry.attempts > 1 && retry.growth !== 'exponential' ? retry.growth : null,
    retryOn: retry.retryOn?.join(', ') ?? null,
    giveUpOn: retry.giveUpOn.join(', ') || null,
    timeoutMs,
    queue,
  }),

  advance: (node, iteration, decision) => {
    const state = decision.state.nodes.get(nodeKey(node.path, iteration));
    if (!state) return decision.execute(node, iteration, 1, 0);
    switch (state.phase) {
      case 'completed':
        return { status: 'completed', output: state.output };
      case 'retrying':
        return isDue(state, decision)
          ? decision.execute(node, iteration, state.attempt, state.suspensions)
          : decision.wait('retry', state.dueAt);
      case 'suspended':
        return advanceSuspended(node, iteration, state, decision);
      case 'dispatched':
        return decision.wait('dispatch');
      case 'incident':
        return decision.wait('incident');
      case 'failed':
        return exhausted(node, iteration, state, decision);
      default:
        return { status: 'failed', fault: faultOf(state) };
    }
  },

  /** A rejected result, or none in time, is a failed attempt under the retry policy. */
  evaluate: async (node, iteration, purpose, context) => {
    const { state } = context;
    const waiting = state.nodes.get(nodeKey(node.path, iteration));
    if (waiting?.phase !== 'suspended') return [];
    const result = waiting.asyncResultId === undefined ? undefined : state.asyncResults.get(waiting.asyncResultId);
    const fault: StepFault =
      purpose.startsWith('reject') && result && !result.ok
        ? { code: 'ASYNC_RESULT_REJECTED', message: `The outside service answered with an error: ${result.reason}`, retryable: true }
        : { code: 'WAIT_TIMED_OUT', message: 'The result did not come in time.', retryable: true };
    return [failedAttempt(node, waiting, { fault }, context)];
  },
};

/** Out of attempts: parked, if the author asked for it. */
export function exhausted(node: GraphNode<StepNode | EmitRecordsNode>, iteration: string, state: NodeState, decision: Decision): Outcome {
  const fault = faultOf(state);
  if (node.definition.onExhausted === 'fail') return { status: 'failed', fault };
  return decision.record(node, iteration, `park-${state.attempt}`, [openIncident(state, { cause: 'attempts-exhausted', fault })]);
}

function faultOf({ fault }: NodeState): StepFault {
  return fault ?? { code: 'STEP_FAILED', message: 'The step failed.', retryable: false };
}

function isDue(state: NodeState, decision: Decision): boolean {
  return state.dueAt !== undefined && state.dueAt <= decision.now;
}

function advanceSuspended(node: GraphNode<StepNode>, iteration: string, state: NodeState, decision: Decision): Outcome {
  if (state.asyncResultId === undefined) {
    if (isDue(state, decision)) return decision.execute(node, iteration, state.attempt, state.suspensions, { data: null });
    return decision.wait('timer', state.dueAt);
  }
  const result = decision.state.asyncResults.get(state.asyncResultId);
  if (result?.ok) return decision.execute(node, iteration, state.attempt, state.suspensions, { data: result.value });
  if (result) return decision.evaluate(node, iteration, `reject-${state.asyncResultId}`);
  if (isDue(state, decision)) return decision.evaluate(node, iteration, `time-out-${state.asyncResultId}`);
  return decision.wait('async-result', state.dueAt);
}

/** How an attempt failed. */
export interface AttemptFailure {
  readonly fault: StepFault;
  /** What was thrown; undefined when nothing was. */
  readonly cause?: unknown;
  /** Milliseconds since 1970; default now. */
  readonly startedAt?: number;
}

/** The fact of a failed attempt, with the policy's decision about the next one. */
export function failedAttempt(
  node: GraphNode<StepNode>,
  { path, iteration, attempt }: Pick<FactDraft, 'path' | 'iteration' | 'attempt'>,
  { fault, cause, startedAt }: AttemptFailure,
  { state, now, random, read }: Pick<EvaluateContext, 'state' | 'now' | 'random' | 'read'>,
): FactDraft {
  const { retry } = node.definition;
  const tries = triesOf(state, { path, iteration, attempt });
  const mayRetry = nextAttemptAt(retry, fault, tries, now, random) !== null;
  const ruled = mayRetry ? ruledOn(retry, fault, cause, read, attempt) : fault;
  const retryAt = nextAttemptAt(retry, ruled, tries, now, random);
  const payload: AttemptFailedPayload = { fault: ruled, startedAt: startedAt ?? now, retryAt };
  return { type: 'attempt.failed', path, iteration, attempt, payload: JSON.parse(JSON.stringify(payload)) as never };
}
