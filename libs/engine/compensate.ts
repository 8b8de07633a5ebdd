/**
 * Undoing. A run that has failed or is canceled undoes, before it ends, what its completed steps have done that have an undo: the last one
 * to complete first, one after the other. In which order they completed is the journal's; that an undo has completed is a fact, so each is
 * recorded once, also through crashes. What was caught in a try is no failure of the run, and undoes
 * nothing by itself; a try or a race may ask for it (`Decision.undo`). A fork undoes what
 * it has done itself, and leaves alone what it has taken over.
 */
import type { Decision } from './decision.js';
import type { Graph } from './graph/graph.js';
import { undoable } from './undoable.js';

/** Under this the state remembers the list, and how many of it are undone, as it remembers the completed head of a sequence. */
const MEMO = '?undo';

/** @returns true when nothing is left to undo */
export function undo(graph: Graph, decision: Decision): boolean {
  const { state } = decision;
  if (!hasUndo(graph)) return true;
  const memo = state.ending && state.progress.get(MEMO, '');
  const undos = () => undoable(state, (path) => graph.byPath.get(path)?.undo).map(({ path, iteration }) => [path, iteration]);
  const keys = (memo?.output ?? undos()) as readonly (readonly [path: string, iteration: string])[];
  let index = memo?.index ?? 0;
  for (; index < keys.length; index++) {
    const [path = '', iteration = ''] = keys[index] ?? [];
    const node = graph.byPath.get(path)?.undo;
    if (node && decision.advanceNode(node, iteration).status === 'pending') break;
  }
  if (state.ending) state.progress.set(MEMO, '', { index, output: keys });
  return index >= keys.length;
}

const WITH_UNDO = new WeakMap<Graph, boolean>();

function hasUndo(graph: Graph): boolean {
  let answer = WITH_UNDO.get(graph);
  if (answer === undefined) WITH_UNDO.set(graph, (answer = [...graph.byPath.values()].some((node) => node.undo)));
  return answer;
}
