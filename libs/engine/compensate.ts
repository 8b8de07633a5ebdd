/**
 * Undoing. A run that has failed or is canceled undoes, before it ends, what its completed steps have done that have an undo: the last one
 * to complete first, one after the other. In which order they completed is the journal's; that an undo has completed is a fact, so each is
 * recorded once, also through crashes. What was caught in a try is no failure of the run, and undoes nothing by itself. A fork undoes what
 * it has done itself, and leaves alone what it has taken over.
 */
import type { Decision } from './decision.js';
import type { Graph, GraphNode } from './graph/graph.js';
import type { RunState } from './run-state.js';

/** Under this the state remembers the list, and how many of it are undone, as it remembers the completed head of a sequence. */
const MEMO = '?undo';

/** @returns true when nothing is left to undo */
export function undo(graph: Graph, decision: Decision): boolean {
  const { state } = decision;
  if (!hasUndo(graph)) return true;
  const memo = state.ending && state.progress.get(MEMO, '');
  const keys = (memo?.output ?? undoable(graph, state)) as readonly (readonly [path: string, iteration: string])[];
  let index = memo?.index ?? 0;
  for (; index < keys.length; index++) {
    const [path = '', iteration = ''] = keys[index] ?? [];
    const node = graph.byPath.get(path)?.undo;
    if (node && decision.advanceNode(node, iteration).status === 'pending') break;
  }
  if (state.ending) state.progress.set(MEMO, '', { index, output: keys });
  return index >= keys.length;
}

function undoable(graph: Graph, { nodes, kept, ownSince }: RunState): [string, string][] {
  return [...nodes.values(), ...kept.values()]
    .filter(({ phase, path, endedSeq = 0 }) => phase === 'completed' && endedSeq > ownSince && graph.byPath.get(path)?.undo)
    .sort((a, b) => (b.endedSeq ?? 0) - (a.endedSeq ?? 0))
    .map(({ path, iteration }) => [path, iteration]);
}

/** True for a step that has completed, and was undone since. */
export function isUndone({ undo: own }: GraphNode, iteration: string, state: RunState): boolean {
  return own !== undefined && state.nodes.get(own.path, iteration)?.phase === 'completed';
}

const WITH_UNDO = new WeakMap<Graph, boolean>();

function hasUndo(graph: Graph): boolean {
  let answer = WITH_UNDO.get(graph);
  if (answer === undefined) WITH_UNDO.set(graph, (answer = [...graph.byPath.values()].some((node) => node.undo)));
  return answer;
}
