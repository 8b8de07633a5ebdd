import type { SubWorkflowNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';

/**
 * A child run. It is inserted in the commit of the fact that names it, so it is started exactly once; its end comes back through the
 * inbox. While it is awaited it is closed with whatever closes this node.
 */
export const subWorkflowKind: NodeKind<SubWorkflowNode> = {
  kind: 'sub-workflow',
  label: (definition) => definition.workflow,
  starts: (definition) => definition.workflow,
  options: ({ mode }) => ({ mode: mode === 'wait' ? null : mode }),

  advance: (node, iteration, decision, state) => {
    if (!state) return decision.evaluate(node, iteration, 'start');
    if (state.phase === 'completed') return { status: 'completed', output: state.output };
    if (state.phase === 'failed' && state.fault) return { status: 'failed', fault: state.fault };
    return decision.wait('child');
  },

  evaluate: async (node, iteration, _purpose, { read, newId, startOf }) => {
    const { workflow, input, mode } = node.definition;
    const child = await startOf(workflow, await input(read));
    const id = newId();
    const isAwaited = mode === 'wait';
    const payload = { childId: id, workflow, isAwaited };
    const effects = { startRun: { id, workflow, ...child, isAwaited } };
    return [{ type: 'child.started', path: node.path, iteration, attempt: 1, payload, effects }];
  },
};
