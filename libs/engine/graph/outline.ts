/**
 * The graph as plain data: what is stored with a version and drawn by pages. Flat, in the order of the graph, so that a client need not
 * know how deep it goes: each node names the control node and the branch that it stands in. Nodes that stand beside the flow (what cancels
 * the run) are left out.
 */
import type { Json } from '@stepwell/contracts';
import { screenMetadata, stepMetadata } from '@stepwell/sdk';
import { kindOf } from '../kinds/index.js';
import { handlerOf } from '../references.js';
import type { Body, Graph, GraphNode } from './graph.js';

export interface GraphOutline {
  readonly nodes: readonly OutlineNode[];
  readonly edges: readonly OutlineEdge[];
}

export interface OutlineNode {
  readonly path: string;
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  /** The path of the control node around it, and the segment of the branch of it; null at the top. */
  readonly parent: string | null;
  readonly branch: string | null;
  readonly branches: readonly OutlineBranch[];
  /** The run may go on behind it without any of its branches. */
  readonly mayTakeNone: boolean;
  /** The id of its step, screen or source; null for a plain function and a control node. */
  readonly handler: string | null;
  /** The event that it emits or waits for. */
  readonly event: string | null;
  /** The workflow whose runs it starts. */
  readonly workflow: string | null;
  /** What the author set: `attempts`, `queue`, `concurrency` and so on; milliseconds end in `Ms`, those since 1970 in `At`. */
  readonly options: Readonly<Record<string, Json>>;
}

export interface OutlineBranch {
  readonly segment: string;
  /** The name of the branch; of an arm its condition, as far as it is one expression. */
  readonly label: string;
  readonly repeats: boolean;
}

/** From a node to the one behind it, or from a control node into a branch. */
export interface OutlineEdge {
  readonly from: string;
  readonly to: string;
  readonly branch: string | null;
}

export function outline(graph: Graph): GraphOutline {
  const nodes: OutlineNode[] = [];
  const edges: OutlineEdge[] = [];
  const add = (body: Body): void => {
    let before = body.owner && { from: body.owner.path, branch: body.segment };
    for (const node of body.nodes) {
      if (kindOf(node).isAside) continue;
      nodes.push(outlineNode(node));
      if (before) edges.push({ from: before.from, to: node.path, branch: before.branch || null });
      before = { from: node.path, branch: '' };
      for (const inner of node.bodies) add(inner);
    }
  };
  add(graph.root);
  return { nodes, edges };
}

function outlineNode(node: GraphNode): OutlineNode {
  const { definition, id, path, parent } = node;
  const kind = kindOf(node);
  const handler = handlerOf(node);
  const options = Object.entries(kind.options?.(definition) ?? {}).filter(([, value]) => value !== null);
  return {
    path,
    id,
    kind: kind.kind,
    label: kind.label(definition),
    parent: parent.owner?.path ?? null,
    branch: parent.owner ? parent.segment : null,
    branches: (kind.bodies?.(definition) ?? []).map(({ segment, label = segment, repeats = false }) => ({ segment, label, repeats })),
    mayTakeNone: kind.mayTakeNone?.(definition) ?? false,
    handler: (handler && (stepMetadata(handler)?.id ?? screenMetadata(handler)?.id)) ?? null,
    event: kind.emits?.(definition) ?? kind.listens?.(definition).event ?? null,
    workflow: kind.starts?.(definition) ?? null,
    options: Object.fromEntries(options),
  };
}
