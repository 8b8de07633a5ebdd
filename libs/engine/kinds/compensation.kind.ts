import type { CompensationNode, StepNode } from '@stepwell/sdk';
import type { GraphNode } from '../graph/graph.js';
import type { NodeKind } from '../graph/node-kind.js';
import { stepKind } from './step.kind.js';

/** The undo of a step: executed as a step is. Out of attempts it is an incident, which a person retries, or says to be dealt with. */
export const compensationKind: NodeKind<CompensationNode> = {
  kind: 'compensation',
  label: (definition) => definition.id,
  handler: (definition) => definition.handler,
  queue: (definition) => definition.queue,
  advance: (node, ...asked) => stepKind.advance(asStep(node), ...asked),
  evaluate: async (node, ...asked) => (await stepKind.evaluate?.(asStep(node), ...asked)) ?? [],
};

function asStep(node: GraphNode<CompensationNode>): GraphNode<StepNode> {
  return node as unknown as GraphNode<StepNode>;
}
