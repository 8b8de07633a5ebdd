/** What the policies of a step come to as facts. */
import { findNonJson, StepwellError } from '@stepwell/contracts';
import { stepMetadata, type StepNode, type StepPolicy } from '@stepwell/sdk';
import type { EvaluateContext } from '../evaluate-context.js';
import type { FactDraft } from '../facts/fact.js';
import type { DeadlinePassedPayload, StepReadyPayload } from '../facts/policy.facts.js';
import type { GraphNode } from '../graph/graph.js';
import { type NodePhase, type NodeState, openRowOf } from '../run-state.js';

/** True when something has to be asked or written down before the first attempt. */
export function isReachedByFact({ when, delayMs, deadlineMs, idempotency, cache }: StepPolicy): boolean {
  return when !== null || delayMs !== null || deadlineMs !== null || idempotency !== null || cache !== null;
}

/** Asks the author whether the step runs, and when its time begins and ends. */
export async function reached(
  { path, id, definition }: GraphNode<StepNode>,
  iteration: string,
  { read, now, workflow }: Pick<EvaluateContext, 'read' | 'now' | 'workflow'>,
): Promise<FactDraft> {
  const { policy } = definition;
  const at = { path, iteration, attempt: 1 };
  if (policy.when && !(await policy.when(read))) return { ...at, type: 'step.skipped', payload: null };
  const delayMs = policy.delayMs?.(read) ?? 0;
  const payload: StepReadyPayload = {
    dueAt: delayMs > 0 ? now + delayMs : null,
    deadlineAt: policy.deadlineMs === null ? null : now + policy.deadlineMs,
    ...(policy.idempotency ? { key: keyFrom(id, policy.idempotency.key(read)) } : {}),
    ...(policy.cache ? { cacheKey: `${scopeOf(definition, workflow)}:${keyFrom(id, policy.cache.key(read))}` } : {}),
  };
  return { ...at, type: 'step.ready', payload: { ...payload } };
}

/** Keys are indexed: PostgreSQL takes 2.7 kB. */
const LONGEST_KEY = 512;

function keyFrom(id: string, key: unknown): string {
  if (typeof key === 'string' && key !== '' && key.length <= LONGEST_KEY && !findNonJson(key)) return key;
  throw new StepwellError('OPTION_INVALID', { where: `Step "${id}"`, reason: `a key is a text of 1 to ${LONGEST_KEY} characters.` });
}

/** Whose outputs a cache holds: the handler's, wherever it stands. */
function scopeOf({ handler, id }: StepNode, workflow: string): string {
  return (handler && stepMetadata(handler)?.id) ?? `${workflow}/${id}`;
}

/**
 * Phases in which the step is still getting at its output. An incident waits for a person, whatever the time; and an effect outside that may
 * have begun is not passed over.
 */
const BETWEEN_ATTEMPTS: ReadonlySet<NodePhase> = new Set<NodePhase>(['ready', 'retrying']);
const UNDER_WAY: ReadonlySet<NodePhase> = new Set<NodePhase>(['ready', 'retrying', 'suspended', 'dispatched']);

export function isOverdue({ definition: { policy } }: GraphNode<StepNode>, { phase, deadlineAt }: NodeState, now: number): boolean {
  return deadlineAt !== undefined && deadlineAt <= now && (policy.externalEffect ? BETWEEN_ATTEMPTS : UNDER_WAY).has(phase);
}

/** The fact that its time is over; what it has open elsewhere is closed with it. */
export function deadlinePassed({ id, definition: { policy } }: GraphNode<StepNode>, state: NodeState): FactDraft {
  const { message } = new StepwellError('DEADLINE_PASSED', { id, deadlineMs: policy.deadlineMs });
  const payload: DeadlinePassedPayload = {
    fault: { code: 'DEADLINE_PASSED', message, retryable: false },
    isHandled: policy.onBreach !== null,
  };
  const open = openRowOf(state);
  return {
    ...{ type: 'deadline.passed', path: state.path, iteration: state.iteration, attempt: state.attempt },
    payload: { ...payload, fault: { ...payload.fault } },
    ...(open === undefined ? {} : { effects: { cancel: [open] } }),
  };
}
