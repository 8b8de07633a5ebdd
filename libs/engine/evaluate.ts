import type { EvaluateAction } from './actions.js';
import type { EvaluateContext } from './evaluate-context.js';
import type { FactDraft } from './facts/fact.js';
import type { StepFault } from './facts/step-fault.js';
import { kindOf } from './kinds/index.js';

/**
 * Calls the author's pure functions for an action and returns what they said, as facts.
 *
 * @throws whatever the author's code throws: then record `evaluationFailed`
 */
export async function evaluate(
  { node, iteration, purpose, facts: known }: EvaluateAction,
  context: EvaluateContext,
): Promise<readonly FactDraft[]> {
  const facts = known ?? (await kindOf(node).evaluate?.(node, iteration, purpose, context)) ?? [];
  if (facts.length === 0) throw new Error(`Node "${node.id}" has nothing to say to "${purpose}".`);
  return facts;
}

/** The fact of author code that threw where a choice was to be made: it ends the run as failed, visibly, and is never retried. */
export function evaluationFailed({ node, iteration }: EvaluateAction, fault: StepFault): FactDraft {
  const { code, stack } = fault;
  const message = `"${node.id}" could not be evaluated: ${fault.message}`;
  return {
    type: 'evaluation.failed',
    path: node.path,
    iteration,
    attempt: 0,
    payload: { fault: { code, message, ...(stack === undefined ? {} : { stack }), retryable: false } },
  };
}
