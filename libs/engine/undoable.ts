/** What there is to undo: steps that have completed, have an undo, and were not undone since; the last one to complete first. */
import type { GraphNode } from './graph/graph.js';
import { isBelow, type RunState } from './run-state.js';

export interface Undoable {
  /** The path of the step. */
  readonly path: string;
  readonly iteration: string;
  readonly undo: GraphNode;
}

/**
 * @param undoAt the undo of the step at a path, where it has one
 * @param path only of what is below, '' for the whole run
 */
export function undoable(state: RunState, undoAt: (path: string) => GraphNode | undefined, path = '', iteration = ''): readonly Undoable[] {
  const { nodes, kept, ownSince } = state;
  return [...nodes.values(), ...kept.values()]
    .filter((node) => node.phase === 'completed' && (node.endedSeq ?? 0) > ownSince && isBelow(node, path, iteration))
    .sort((a, b) => (b.endedSeq ?? 0) - (a.endedSeq ?? 0))
    .flatMap((node) => {
      const undo = undoAt(node.path);
      return undo && !isDone(undo, node.iteration, state) ? [{ path: node.path, iteration: node.iteration, undo }] : [];
    });
}

/** True for a step that has completed, and was undone since. */
export function isUndone({ undo }: GraphNode, iteration: string, state: RunState): boolean {
  return undo !== undefined && isDone(undo, iteration, state);
}

function isDone({ path }: GraphNode, iteration: string, { nodes }: RunState): boolean {
  return nodes.get(path, iteration)?.phase === 'completed';
}
