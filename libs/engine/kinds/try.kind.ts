import type { TryNode } from '@stepwell/sdk';
import type { Decision } from '../decision.js';
import { type StepFault, withoutStack } from '../facts/step-fault.js';
import type { Body, GraphNode } from '../graph/graph.js';
import type { NodeKind } from '../graph/node-kind.js';
import { type Outcome, PENDING } from '../graph/outcome.js';
import { enter } from './enter.js';

/**
 * A branch, what is done about a failure in it, and what comes last. Where the author asked for it, what the branch had done is undone first. That a failure was caught is a fact, as a choice is. A try with a
 * finally says that it was entered: from then on the finally is run, whatever becomes of the run around it (`decide`).
 */
export const tryKind: NodeKind<TryNode> = {
  kind: 'try',
  label: (definition) => definition.id,
  bodies: (definition) => [
    { segment: 'try', nodes: definition.nodes, ...(definition.catch ? { isGuarded: true as const } : {}) },
    ...(definition.catch ? [{ segment: 'catch', nodes: definition.catch }] : []),
    ...(definition.finally ? [{ segment: 'finally', nodes: definition.finally, isShielded: true as const, isLast: true as const }] : []),
  ],

  options: ({ compensate }) => ({ compensate: compensate || null }),

  failureBefore: (node, { segment }, iteration, decision) => {
    if (segment === 'catch') return decision.state.nodes.get(node.path, iteration)?.caught;
    const outcome = segment === 'finally' ? tried(node, iteration, decision) : PENDING;
    return outcome.status === 'failed' ? outcome.fault : undefined;
  },

  advance: (node, iteration, decision, state) => {
    const last = bodyOf(node, 'finally');
    if (last && !state) return enter(node, iteration, decision, last.segment);
    const outcome = tried(node, iteration, decision);
    if (outcome.status === 'pending' || !last) return outcome;
    const closed = decision.advanceBody(last, iteration);
    if (closed.status === 'completed') return outcome;
    return outcome.status === 'failed' ? causedBy(outcome.fault, closed) : closed;
  },
};

function tried(node: GraphNode<TryNode>, iteration: string, decision: Decision): Outcome {
  const body = bodyOf(node, 'try');
  const handler = bodyOf(node, 'catch');
  const caught = decision.state.nodes.get(node.path, iteration)?.caught;
  if (caught && handler) return causedBy(caught, decision.advanceBody(handler, iteration));
  const outcome = body ? decision.advanceBody(body, iteration) : PENDING;
  if (outcome.status === 'failed' && body && node.definition.compensate && !decision.undo(node, iteration, [body])) return PENDING;
  if (outcome.status !== 'failed' || !handler) return outcome;
  const payload = { fault: withoutStack(outcome.fault) };
  return decision.record(node, iteration, 'catch', [{ type: 'failure.caught', path: node.path, iteration, attempt: 0, payload }]);
}

/** A failure that happened while another one was dealt with. */
function causedBy(cause: StepFault, outcome: Outcome): Outcome {
  return outcome.status === 'failed' ? { status: 'failed', fault: { ...outcome.fault, cause: withoutStack(cause) } } : outcome;
}

function bodyOf({ bodies }: GraphNode, segment: string): Body | undefined {
  return bodies.find((body) => body.segment === segment);
}
