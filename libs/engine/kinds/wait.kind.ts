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
    if (state.dueAt === undefined || state.dueAt > decision.now) return decision.wait('timer', state.dueAt);
    const over = { type: 'wait.completed', path: node.path, iteration, attempt: 1, payload: null };
    return decision.record(node, iteration, 'complete', [over]);
  },

  evaluate: async (node, iteration, _purpose, { read, now }) => {
    const dueAt = node.definition.dueAt(read, now);
    return [{ type: 'wait.started', path: node.path, iteration, attempt: 1, payload: { dueAt } }];
  },
};
