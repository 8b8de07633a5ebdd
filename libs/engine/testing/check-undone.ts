import type { Graph, GraphNode } from '../graph/graph.js';
import { nodeKey } from '../graph/iteration.js';
import { mustEqual } from './must-equal.js';

interface Journal {
  readonly graph: Graph;
  readonly status: string;
  readonly journal: readonly { readonly type: string; readonly path: string; readonly iteration: string }[];
}

/**
 * What has an undo is undone when its run fails or is canceled, and only then: each once, in the reverse of the order in the journal.
 *
 * @returns how many were undone
 */
export function checkUndone({ graph, status, journal }: Journal): number {
  const [done, undone] = [[] as string[], [] as string[]];
  for (const { type, path, iteration } of journal) {
    const node = graph.byPath.get(path);
    const step = stepOf(node);
    if (type === 'step.completed' && step) (step === node ? done : undone).push(nodeKey(step.path, iteration));
  }
  mustEqual(undone, status === 'completed' ? [] : done.reverse(), 'What was undone');
  return undone.length;
}

/**
 * Over all retries what is undone was done before, and by the end of a run that completes it was done again, but for what nobody needs: in
 * the losers of a race, and where a failure was caught.
 *
 * @returns how many were undone
 */
export function checkRedone({ graph, status, journal }: Journal): number {
  const states = new Map<string, 'done' | 'undone'>();
  let count = 0;
  for (const { type, path, iteration } of journal) {
    const node = graph.byPath.get(path);
    const step = stepOf(node);
    if (type !== 'step.completed' || !step) continue;
    const key = nodeKey(step.path, iteration);
    const isDone = step === node;
    if (isDone === (states.get(key) === 'done')) throw new Error(`The step ${key} was ${isDone ? 'done' : 'undone'} twice.`);
    states.set(key, isDone ? 'done' : 'undone');
    if (!isDone) count++;
  }
  const left = [...states].flatMap(([key, how]) => (how === 'undone' && !/\/(other-\d|try)\//.test(key) ? [key] : []));
  if (status === 'completed') mustEqual(left, [], 'What was undone and not done again');
  return count;
}

/** The step with an undo that the node is, or is the undo of. */
function stepOf(node: GraphNode | undefined): GraphNode | undefined {
  return node?.definition.kind === 'compensation' ? node.parent.owner : node?.undo && node;
}
