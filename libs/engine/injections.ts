/**
 * What was injected into a run: nodes as data, kept beside the graph by inject point. An injected node is a turn of its point, in the
 * branch of its handler: its path is that of the handler there, its iteration says as which it was injected. So the graph of a run is the
 * one of its version, and all that knows paths and iterations knows injected nodes.
 */
import { StepwellError } from '@stepwell/contracts';
import { type InjectedOptions, injectedStep, type InjectNode, type StepNode } from '@stepwell/sdk';
import type { NodeRef } from './facts/retry.facts.js';
import type { Graph, GraphNode } from './graph/graph.js';
import { outerIteration } from './graph/iteration.js';
import type { InjectedNodeData, NodesToInject } from './injected-nodes.js';
import type { RunState } from './run-state.js';
import { sameJson } from './same-json.js';

/** What of it is new: an id that stands there is not added again. */
function newOf(state: RunState, { at, nodes }: NodesToInject): readonly InjectedNodeData[] {
  const known = new Set(state.injected.get(at.path, at.iteration)?.nodes.map(({ id }) => id));
  return nodes.filter(({ id }) => !known.has(id));
}

/** Adds nodes to their point. */
export function inject(state: RunState, injection: NodesToInject, by: NodeRef | null): void {
  const { at, position } = injection;
  const sequence = state.injected.get(at.path, at.iteration) ?? { nodes: [], order: [] };
  const fresh = newOf(state, injection).map((node) => ({ ...node, by }));
  const indexes = fresh.map((_node, index) => sequence.nodes.length + index);
  const reached = state.nodes.get(at.path, at.iteration)?.reached ?? 0;
  sequence.nodes.push(...fresh);
  sequence.order.splice(position === 0 ? reached : sequence.order.length, 0, ...indexes);
  state.injected.set(at.path, at.iteration, sequence);
  state.injectedCount += fresh.length;
}

/**
 * Why nodes that fit the graph cannot be injected as the run stands.
 *
 * @param by the step that injects them, null for somebody outside
 * @param before what the same step has injected before, that is not applied yet
 */
export function whyNotInjected(
  state: RunState,
  injection: NodesToInject,
  by: NodeRef | null,
  before: readonly NodesToInject[] = [],
): StepwellError | undefined {
  const known = knownIn(state);
  let count = state.injectedCount;
  for (const { at, nodes } of [...before, injection]) {
    for (const node of nodes) {
      const others = known.get(node.id) ?? [];
      const other = others.find(({ path, iteration }) => path !== at.path || iteration === at.iteration);
      if (other && (other.path !== at.path || !(isSameRef(other.by, by) || isSameNode(other, node))))
        return new StepwellError('INJECTION_ID_TAKEN', { id: node.id, by: 'another node that was injected' });
      if (other) continue;
      if (state.nodes.get(at.path, at.iteration)?.isPassed) return new StepwellError('INJECTION_TOO_LATE', { point: idOf(at.path) });
      known.set(node.id, [...others, { ...node, ...at, by }]);
      count++;
    }
  }
  const { max } = injection;
  return count > max ? new StepwellError('INJECTION_LIMIT', { max }) : undefined;
}

type Known = InjectedNodeData & NodeRef & { readonly by: NodeRef | null };

function knownIn({ injected }: RunState): Map<string, readonly Known[]> {
  const known = new Map<string, readonly Known[]>();
  for (const [key, { nodes }] of injected) {
    const [path = '', iteration = ''] = key.split('#');
    for (const node of nodes) known.set(node.id, [...(known.get(node.id) ?? []), { ...node, path, iteration }]);
  }
  return known;
}

function isSameRef(one: NodeRef | null, other: NodeRef | null): boolean {
  return one !== null && other !== null && one.path === other.path && one.iteration === other.iteration;
}

function isSameNode(one: InjectedNodeData, other: InjectedNodeData): boolean {
  return one.handler === other.handler && sameJson([one.params, one.options], [other.params, other.options]);
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The inject points of a graph, in its order. */
export function injectPoints({ byPath }: Graph): GraphNode<InjectNode>[] {
  return [...byPath.values()].filter((node): node is GraphNode<InjectNode> => node.definition.kind === 'inject');
}

/** An injected node as it stands in the graph; undefined when its handler does not stand at the point. */
export function injectedNode(point: GraphNode, node: InjectedNodeData): GraphNode<StepNode> | undefined {
  const step = point.bodies.find(({ segment }) => segment === node.handler)?.nodes[0] as GraphNode<StepNode> | undefined;
  const { id, params, options } = node;
  const own = { id, params: (params ?? undefined) as object | undefined, options: (options ?? {}) as InjectedOptions };
  return step && { ...step, definition: injectedStep(step.definition, own as never) };
}

/** What was injected as the node at this place; undefined for a node of the graph. */
export function injectedAt(graph: Graph, { injected }: RunState, { path, iteration }: NodeRef): InjectedNodeData | undefined {
  const point = graph.byPath.get(path)?.parent.owner;
  if (point?.definition.kind !== 'inject') return undefined;
  return injected.get(point.path, outerIteration(iteration, point.loops.length))?.nodes[Number(iteration.split('.').at(-1))];
}

/** The node at a place in a run; an injected one with its own params and options. */
export function nodeOfRun(graph: Graph, state: RunState, at: NodeRef): GraphNode | undefined {
  const node = graph.byPath.get(at.path);
  const own = injectedAt(graph, state, at);
  return own && node?.parent.owner ? injectedNode(node.parent.owner, own) : node;
}
