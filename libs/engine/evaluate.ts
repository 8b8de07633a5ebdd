import type { EvaluateAction } from './actions.js';
import type { EvaluateContext } from './evaluate-context.js';
import type { FactDraft } from './facts/fact.js';
import { nodeFailed } from './facts/node.facts.js';
import type { StepFault } from './facts/step-fault.js';
import { bodiesAround } from './graph/graph.js';
import { kindOf } from './kinds/index.js';

/**
 * Calls the author's pure functions for an action and returns what they said, as facts.
 *
 * @throws whatever the author's code throws: then record `evaluationFailed`
 */
export async function evaluate({ node, iteration, purpose }: EvaluateAction, context: EvaluateContext): Promise<readonly FactDraft[]> {
  const facts = (await kindOf(node).evaluate?.(node, iteration, purpose, context)) ?? [];
  if (facts.length === 0) throw new Error(`Node "${node.id}" has nothing to say to "${purpose}".`);
  return facts;
}

/**
 * The fact of author code that threw where a choice was to be made: it ends the run as failed, visibly, and is never retried. Within a try
 * that has a catch it is a failure of the node, like any other.
 */
export function evaluationFailed({ node, iteration }: EvaluateAction, { code, message, stack }: StepFault): FactDraft {
  const text = `"${node.id}" could not be evaluated: ${message}`;
  const fault: StepFault = { code, message: text, ...(stack === undefined ? {} : { stack }), retryable: false };
  if ([...bodiesAround(node)].some(({ isGuarded }) => isGuarded)) return nodeFailed(node.path, iteration, fault);
  return { type: 'evaluation.failed', path: node.path, iteration, attempt: 0, payload: { fault } };
}
