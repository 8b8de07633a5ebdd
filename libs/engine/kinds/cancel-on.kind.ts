import type { CancelOnNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';
import { matchOf } from './match-of.js';

/** Listens for the whole life of the run and holds nothing up. What comes cancels the run: see `facts/inbox.ts`. */
export const cancelOnKind: NodeKind<CancelOnNode> = {
  kind: 'cancel-on',
  label: (definition) => `canceled by ${definition.event}`,
  isAside: true,
  listens: ({ event, external }) => ({ event, external }),

  advance: (node, iteration, decision, state) =>
    state ? { status: 'completed', output: undefined } : decision.evaluate(node, iteration, 'listen'),

  evaluate: async (node, iteration, _purpose, { read, newId }) => {
    const { event } = node.definition;
    const waitId = newId();
    const match = matchOf(node.definition.match(read.input), node.id);
    const effects = { listen: { id: waitId, event, match, since: 'start' as const } };
    return [{ type: 'cancel-on.started', path: node.path, iteration, attempt: 1, payload: { waitId, event, match }, effects }];
  },
};
