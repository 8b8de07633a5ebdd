import type { WaitNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';

/** A durable timer, for a duration or until an instant. When it is due is computed once, when the wait begins. */
export const waitKind: NodeKind<WaitNode> = {
  kind: 'wait',
  label: (definition) => definition.id,
  options: ({ durationMs, untilAt, business }) => ({ durationMs, untilAt, business }),

  advance: (node, iteration, decision, state) => {
    if (!state) return decision.evaluate(node, iteration, 'start');
    if (state.phase === 'completed') return { status: 'completed', output: null };
    if (state.dueAt !== undefined && state.dueAt <= decision.now) return decision.evaluate(node, iteration, 'complete');
    return decision.wait('timer', state.dueAt);
  },

  evaluate: async (node, iteration, purpose, { read, now }) => {
    const fact = { path: node.path, iteration, attempt: 1 };
    if (purpose === 'complete') return [{ ...fact, type: 'wait.completed', payload: null }];
    return [{ ...fact, type: 'wait.started', payload: { dueAt: node.definition.dueAt(read, now) } }];
  },
};
