import type { Decision } from '../decision.js';
import type { GraphNode } from '../graph/graph.js';
import type { Outcome } from '../graph/outcome.js';

/** That a node was entered is a fact where a branch of it must then be run to its end: a cancel that comes before it, cancels all of it. */
export function enter(node: GraphNode, iteration: string, decision: Decision, shielded: string): Outcome {
  return decision.record(node, iteration, 'enter', [
    { type: 'node.entered', path: node.path, iteration, attempt: 0, payload: { shielded } },
  ]);
}
