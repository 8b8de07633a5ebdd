import type { Fact } from '../facts/fact.js';
import { bodiesAround, type Graph, type GraphNode } from '../graph/graph.js';
import { nodeKey, outerIteration } from '../graph/iteration.js';
import { mustEqual } from './must-equal.js';

interface Journal {
  readonly graph: Graph;
  readonly status: string;
  readonly journal: readonly Pick<Fact, 'type' | 'path' | 'iteration' | 'payload'>[];
}

/**
 * What has an undo is undone when its run fails or is canceled: each once, and in each scope in the reverse of the order in the journal. When
 * the run completes, only what was done in the losers of a race or in the failed branch of a try is, where those ask for it.
 *
 * @returns how many were undone
 */
export function checkUndone({ graph, status, journal }: Journal): number {
  const [done, undone] = [[] as string[], [] as string[]];
  const scopes = new Map<string, string>();
  const isOver = new Set<string>();
  for (const { type, path, iteration, payload } of journal) {
    if (type === 'race.won' || type === 'failure.caught' || (type === 'undoing.began' && graph.byPath.get(path)?.definition.kind === 'try'))
      isOver.add(`${nodeKey(path, iteration)} ${(payload as { winner?: string }).winner ?? 'catch'}`);
    const node = graph.byPath.get(path);
    const step = stepOf(node);
    if (type !== 'step.completed' || !step) continue;
    const key = nodeKey(step.path, iteration);
    (step === node ? done : undone).push(key);
    scopes.set(key, scopeOf(step, iteration));
  }
  const wanted = done.filter((key) => status !== 'completed' || undoneBy(key, graph, isOver)).reverse();
  mustEqual([...undone].sort(), [...wanted].sort(), 'What was undone');
  for (const scope of new Set(scopes.values())) {
    const isIn = (key: string) => scopes.get(key) === scope;
    mustEqual(undone.filter(isIn), wanted.filter(isIn), `The order in which was undone ${scope}`);
  }
  return undone.length;
}

/** The node that undoes what was done in its branches, and the branch; '' for the run. */
function scopeOf(step: GraphNode, iteration: string): string {
  for (const { owner, path } of bodiesAround(step)) if (owner && compensates(owner)) return nodeKey(path, outerIteration(iteration, owner.loops.length)); // prettier-ignore
  return '';
}

function undoneBy(key: string, { byPath }: Graph, isOver: ReadonlySet<string>): boolean {
  const [path = '', iteration = ''] = key.split('#');
  const step = byPath.get(path);
  return [...(step ? bodiesAround(step) : [])].some(({ owner, segment }) => {
    if (!owner || !compensates(owner)) return false;
    const at = nodeKey(owner.path, outerIteration(iteration, owner.loops.length));
    if (owner.definition.kind === 'try') return segment === 'try' && isOver.has(`${at} catch`);
    return owner.bodies.some((body) => body.segment !== segment && isOver.has(`${at} ${body.segment}`));
  });
}

function compensates({ definition }: GraphNode): boolean {
  return (definition.kind === 'race' && definition.compensateLosers) || (definition.kind === 'try' && definition.compensate);
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
