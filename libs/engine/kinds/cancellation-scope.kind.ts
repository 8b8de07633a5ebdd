import type { CancellationScopeNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';
import { PENDING } from '../graph/outcome.js';
import { enter } from './enter.js';

/** One branch, run to its end once it was entered; `decide` goes on with it when all around it is canceled. */
export const cancellationScopeKind: NodeKind<CancellationScopeNode> = {
  kind: 'cancellation-scope',
  label: (definition) => definition.id,
  bodies: (definition) => [{ segment: 'inside', label: 'not canceled', nodes: definition.nodes, isShielded: true }],

  advance: (node, iteration, decision, state) => {
    if (!state) return enter(node, iteration, decision, 'inside');
    const [body] = node.bodies;
    return body ? decision.advanceBody(body, iteration) : PENDING;
  },
};
