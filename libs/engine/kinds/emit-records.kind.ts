import type { EmitRecordsNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';
import { exhausted } from './step.kind.js';

/** The node of an emitter: one batch after the other until its source is done. */
export const emitRecordsKind: NodeKind<EmitRecordsNode> = {
  kind: 'emit-records',
  label: (definition) => `${definition.id} → ${definition.processor}`,
  handler: (definition) => definition.source,
  starts: (definition) => definition.processor,
  options: ({ batchSize }) => ({ batchSize }),

  advance: (node, iteration, decision, state) => {
    if (!state) return decision.execute(node, iteration, 1, 0);
    switch (state.phase) {
      case 'completed':
        return { status: 'completed', output: state.output };
      case 'emitting':
        return decision.execute(node, iteration, state.attempt, state.batches ?? 0);
      case 'retrying':
        return (state.dueAt ?? 0) <= decision.now
          ? decision.execute(node, iteration, state.attempt, state.batches ?? 0)
          : decision.wait('retry', state.dueAt);
      case 'incident':
        return decision.wait('incident');
      default:
        return exhausted(node, iteration, state, decision);
    }
  },
};
