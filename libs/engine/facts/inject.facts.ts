/** Nodes that were injected into a run, and how far their inject point has come. What a step injects is in the fact of its output. */
import type { Actor } from '@stepwell/contracts';
import type { NodesToInject } from '../injected-nodes.js';
import { inject } from '../injections.js';
import { nodeOf } from '../run-state.js';
import { type FactDraft, type FactType, payloadOf } from './fact.js';

export interface NodesInjectedPayload extends NodesToInject {
  /** What was said with this key before is not said again. */
  readonly key: string | null;
  readonly by: Actor | null;
}

/** Somebody outside of the run has injected nodes. */
export const nodesInjected: FactType = {
  type: 'nodes.injected',
  version: 1,
  apply: (state, fact) => {
    const { key, by: _, ...injection } = payloadOf<NodesInjectedPayload>(fact);
    if (key !== null) state.injectionKeys.set(key, true);
    inject(state, injection, null);
  },
};

export interface InjectionRefusedPayload {
  readonly key: string | null;
  readonly by: Actor | null;
  readonly code: string;
  readonly message: string;
}

/** The run had come further than when the nodes were accepted; nothing of them is kept. */
export const injectionRefused: FactType = { type: 'injection.refused', version: 1, apply: () => undefined };

/** Which injected node comes next, by id; null when there is none and the run goes on behind the point. */
export const injectTurnedFact: FactType = {
  type: 'inject.turned',
  version: 1,
  apply: (state, fact) => {
    const { node: id } = payloadOf<{ node: string | null }>(fact);
    const point = nodeOf(state, fact.path, fact.iteration, 'chosen');
    const { nodes, order } = state.injected.get(fact.path, fact.iteration) ?? { nodes: [], order: [] };
    const reached = point.reached ?? 0;
    // Something may have been injected since it was decided.
    if (id === null) {
      if (reached >= order.length) point.isPassed = true;
      return;
    }
    const next = nodes.findIndex((node) => node.id === id);
    const from = order.indexOf(next);
    if (from < reached) return;
    order.splice(from, 1);
    order.splice(reached, 0, next);
    point.reached = reached + 1;
  },
};

export function injectTurned(path: string, iteration: string, node: string | null): FactDraft {
  return { type: 'inject.turned', path, iteration, attempt: 0, payload: { node } };
}
