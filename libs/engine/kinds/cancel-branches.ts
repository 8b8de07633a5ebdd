import type { Decision } from '../decision.js';
import { cancelsOf } from '../facts/child.facts.js';
import type { Effects } from '../facts/fact.js';
import type { StepFault } from '../facts/step-fault.js';
import type { GraphNode } from '../graph/graph.js';
import type { Outcome } from '../graph/outcome.js';
import { type NodeState, openBelow, openRowOf } from '../run-state.js';

/**
 * One fact says which fault of a control node's branches was the first, and closes what the others have open. The node has failed, and is
 * asked no more; it stands as pending until what is shielded below it has been left (`decide`).
 */
export function cancelBranches(node: GraphNode, iteration: string, decision: Decision, fault: StepFault): Outcome {
  const open = openBelow(decision.state, node.path, iteration);
  const effects = closingOf(open, 'The run that started this one does not need it any more: another branch has failed.');
  return decision.record(node, iteration, 'cancel-branches', [
    { type: 'branches.canceled', path: node.path, iteration, attempt: 0, payload: { fault }, effects },
  ]);
}

/** Withdraws what nodes have open beside the journal: rows, and children that they wait for. */
export function closingOf(open: readonly NodeState[], reason: string): Effects {
  return { cancel: open.flatMap((node) => openRowOf(node) ?? []), tell: cancelsOf(open, reason) };
}
