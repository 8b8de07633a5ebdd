/** What the author's `verify` has said about an effect whose outcome was not known, as facts. */
import { type Json, StepwellError } from '@stepwell/contracts';
import type { StepNode, Verdict } from '@stepwell/sdk';
import type { EvaluateContext } from '../evaluate-context.js';
import type { EffectUnverifiedPayload } from '../facts/effect.facts.js';
import type { FactDraft } from '../facts/fact.js';
import type { StepFault } from '../facts/step-fault.js';
import type { GraphNode } from '../graph/graph.js';
import { failedAttempt } from '../kinds/step.kind.js';

/** A service that was away is mostly back by then: 1 s, doubling, up to five minutes makes a quarter of an hour. A person looks next. */
const MOST_CHECKS = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;

export type At = Pick<FactDraft, 'path' | 'iteration' | 'attempt'>;

/**
 * @param verdict what it returned
 * @param output what it said the step's output is, checked
 */
export function verified(
  node: GraphNode<StepNode>,
  at: At,
  verdict: Verdict,
  output: Json,
  startedAt: number,
  context: Pick<EvaluateContext, 'state' | 'now' | 'random' | 'read'>,
): FactDraft {
  if (verdict === 'unknown') return unverified(at, { code: 'OUTCOME_UNKNOWN', message: 'It is not known yet.', retryable: true }, context);
  if (verdict.happened) return { ...at, type: 'step.completed', payload: { output, startedAt, isVerified: true } };
  const { message } = new StepwellError('EFFECT_DID_NOT_HAPPEN', { id: node.id });
  return failedAttempt(node, at, { fault: { code: 'EFFECT_DID_NOT_HAPPEN', message, retryable: true }, startedAt }, context);
}

/** It threw, took too long, or does not know. */
export function unverified(at: At, fault: StepFault, { state, now }: Pick<EvaluateContext, 'state' | 'now'>): FactDraft {
  const checks = state.nodes.get(at.path, at.iteration)?.checks ?? 0;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** checks, LONGEST_PAUSE_MS);
  const payload: EffectUnverifiedPayload = { fault, retryAt: checks + 1 >= MOST_CHECKS ? null : now + pause };
  return { ...at, type: 'effect.unverified', payload: JSON.parse(JSON.stringify(payload)) as Json };
}
