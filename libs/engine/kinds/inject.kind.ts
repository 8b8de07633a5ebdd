import { type Json, StepwellError } from '@stepwell/contracts';
import type { InjectedResult, InjectNode } from '@stepwell/sdk';
import { injectTurned } from '../facts/inject.facts.js';
import { nodeFailed } from '../facts/node.facts.js';
import type { StepFault } from '../facts/step-fault.js';
import { innerIteration } from '../graph/iteration.js';
import type { GraphNode } from '../graph/graph.js';
import type { NodeKind } from '../graph/node-kind.js';
import { injectedNode } from '../injections.js';
import type { InjectedNodeData } from '../injected-nodes.js';

/**
 * The nodes that were injected here, one after the other, each under an iteration of its own in the branch of its handler. Which one is next
 * is a fact, as is that there is none: what is injected meanwhile has its place before or behind it, on every worker.
 */
export const injectKind: NodeKind<InjectNode> = {
  kind: 'inject',
  label: (definition) => definition.id,
  bodies: ({ handlers }) => handlers.map(({ name, step }) => ({ segment: name, nodes: [step], repeats: true })),
  mayTakeNone: () => true,

  advance: (node, iteration, decision, state) => {
    if (state?.fault) return { status: 'failed', fault: state.fault };
    const { nodes, order } = decision.state.injected.get(node.path, iteration) ?? { nodes: [], order: [] };
    const reached = state?.reached ?? 0;
    const head = (decision.state.progress.get(node.path, iteration)?.output ?? []) as unknown as InjectedResult<Json>[];
    for (let index = head.length; index < reached; index++) {
      const turn = order[index] ?? -1;
      const injected = nodes[turn];
      const step = injected && injectedNode(node, injected);
      // It was accepted for another version, from which the run was migrated before it had read it.
      if (!step) return decision.record(node, iteration, `fail-${turn}`, [nodeFailed(node.path, iteration, noHandler(node, injected))]);
      const outcome = decision.advanceNode(step, innerIteration(iteration, turn));
      if (outcome.status !== 'completed') return outcome;
      head.push({ id: injected.id, handler: injected.handler, output: outcome.output ?? null });
      decision.state.progress.set(node.path, iteration, { index: head.length, output: head as unknown as Json });
    }
    if (state?.isPassed) return { status: 'completed', output: head as unknown as Json };
    const next = nodes[order[reached] ?? -1]?.id ?? null;
    return decision.record(node, iteration, `turn-${reached}-${next ?? ''}`, [injectTurned(node.path, iteration, next)]);
  },
};

function noHandler({ bodies }: GraphNode, injected: InjectedNodeData | undefined): StepFault {
  const allowed = bodies.map(({ segment }) => `"${segment}"`).join(', ');
  const { code, message } = new StepwellError('INJECTION_HANDLER_UNKNOWN', { handler: injected?.handler ?? '', allowed });
  return { code, message, retryable: false };
}
