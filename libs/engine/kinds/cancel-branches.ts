import type { Decision } from '../decision.js';
import { cancelsOf } from '../facts/child.facts.js';
import type { StepFault } from '../facts/step-fault.js';
import type { GraphNode } from '../graph/graph.js';
import type { Outcome } from '../graph/outcome.js';
import { openBelow, openRowOf } from '../run-state.js';

/** One fact says which fault of a control node's branches was the first, and closes what the others have open. */
export function cancelBranches(node: GraphNode, iteration: string, decision: Decision, fault: StepFault): Outcome {
  const open = openBelow(decision.state, node.path, iteration);
  const cancel = open.flatMap((inner) => openRowOf(inner) ?? []);
  const fact = { type: 'branches.canceled', path: node.path, iteration, attempt: 0, payload: { fault: { ...fault } } };
  return decision.record(node, iteration, 'cancel-branches', [
    {
      ...fact,
      effects: { cancel, tell: cancelsOf(open, 'The run that started this one does not need it any more: another branch has failed.') },
    },
  ]);
}
