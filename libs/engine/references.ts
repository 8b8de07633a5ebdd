/** What the nodes of a graph refer to outside of it: handlers in the container, events, other workflows. */
import type { Type } from '@stepwell/sdk';
import type { Graph, GraphNode } from './graph/graph.js';
import { kindOf } from './kinds/index.js';

/** The class that the container must provide for a node, if it needs one. */
export function handlerOf(node: GraphNode): Type<unknown> | undefined {
  return kindOf(node).handler?.(node.definition);
}

/** The queue that a node is executed on; null for the run's own. */
export function queueOf(node: GraphNode): string | null {
  return kindOf(node).queue?.(node.definition) ?? null;
}

/** Names of the events that nodes of the graph append themselves; what handlers emit is not visible in a graph. */
export function eventsEmittedBy(graph: Graph): readonly string[] {
  return [...graph.byPath.values()].flatMap((node) => kindOf(node).emits?.(node.definition) ?? []);
}

/** The events that nodes of the graph wait for. */
export function eventsAwaitedBy(graph: Graph): readonly { readonly event: string; readonly external: boolean }[] {
  return [...graph.byPath.values()].flatMap((node) => kindOf(node).listens?.(node.definition) ?? []);
}

/** The events that cancel a run of the graph while it lives. */
export function eventsThatCancel(graph: Graph): readonly string[] {
  const listeners = [...graph.byPath.values()].filter((node) => kindOf(node).isAside);
  return [...new Set(listeners.flatMap((node) => kindOf(node).listens?.(node.definition).event ?? []))];
}

/** Names of the workflows whose runs nodes of the graph start. */
export function workflowsStartedBy(graph: Graph): readonly string[] {
  return [...graph.byPath.values()].flatMap((node) => kindOf(node).starts?.(node.definition) ?? []);
}
