import type { Json } from '@stepwell/contracts';
import type { InjectedNode } from '@stepwell/sdk';
import type { NodeRef } from '../facts/retry.facts.js';
import type { Graph } from '../graph/graph.js';
import type { NodesToInject } from '../injected-nodes.js';

/** As a worker would hand them over that has checked them. */
export function nodesToInject(nodes: readonly InjectedNode[], at: NodeRef, position: 0 | null, { definition }: Graph): NodesToInject {
  const all = nodes.map(({ id, handler, params = null, options = null }) => ({ id, handler, params: params as Json, options: options as Json })); // prettier-ignore
  return { at, nodes: all, position, max: definition.maxInjected };
}
