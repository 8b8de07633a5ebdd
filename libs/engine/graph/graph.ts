/**
 * The compiled graph: the definition with a path for every node. A node's path is the ids and branch names from the root
 * (`when-1/0/review-strike`); with the iteration it is the key under which the journal keeps the node's facts. A value and nothing else:
 * what a node does is its kind's business (`kinds/`).
 */
import type { NodeDefinition, WorkflowDefinition } from '@stepwell/sdk';

export interface GraphNode<Definition extends NodeDefinition = NodeDefinition> {
  readonly definition: Definition;
  readonly id: string;
  readonly path: string;
  /** The branch it stands in. */
  readonly parent: Body;
  /** What undoes it, if the author has said so. */
  readonly undo?: GraphNode;
  /** The loops around it, by the paths of their bodies, outermost first. */
  readonly loops: readonly string[];
  /** The branches of a control node, in the order the kind names them; empty for leaves. */
  readonly bodies: readonly Body[];
}

/** A sequence of nodes: the workflow itself, or a branch. */
export interface Body {
  readonly path: string;
  readonly segment: string;
  readonly nodes: readonly GraphNode[];
  /** The control node it is a branch of; undefined for the workflow itself. */
  readonly owner: GraphNode | undefined;
  /** True when its owner runs it more than once: its nodes then have an iteration of their own. */
  readonly repeats: boolean;
  /** See `BodyDefinition`. */
  readonly isShielded: boolean;
  readonly isGuarded: boolean;
  readonly isLast: boolean;
}

export interface Graph {
  readonly workflow: string;
  readonly version: number;
  readonly root: Body;
  readonly byId: ReadonlyMap<string, GraphNode>;
  readonly byPath: ReadonlyMap<string, GraphNode>;
  readonly definition: WorkflowDefinition;
}

/** The branches around a node, innermost first; the last is the workflow itself. */
export function* bodiesAround(node: GraphNode): Iterable<Body> {
  for (let body: Body | undefined = node.parent; body; body = body.owner?.parent) yield body;
}

/** A node anywhere below these branches. */
export function nodeBelow(bodies: readonly Body[], path: string): GraphNode | undefined {
  for (const { nodes } of bodies) {
    for (const node of nodes) {
      if (node.path === path) return node;
      if (path.startsWith(`${node.path}/`)) return nodeBelow(node.bodies, path);
    }
  }
  return undefined;
}
