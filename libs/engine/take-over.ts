/**
 * What the retry of an ended run takes over. Its journal begins with all that the ended run's had before the end, so a fold of it needs no
 * other; then a fact names the nodes that begin anew. What has completed stays so and is not executed again, whichever branch it is in: an
 * output, a decision, an event that was taken, a choice, a list, a child's result. A failure stays too where it has become an output,
 * as in a parallel that collects all, or was caught. Only the finally of a try that has not completed begins anew: it has to come last.
 */
import { fold } from './apply.js';
import { outcomeOf } from './decide.js';
import type { Fact } from './facts/fact.js';
import type { NodeRef } from './facts/retry.facts.js';
import { bodiesAround, type Graph, type GraphNode, loopsAround } from './graph/graph.js';
import { nodeKey, outerIteration } from './graph/iteration.js';
import type { NodeState, RunState } from './run-state.js';

export interface TakeOver {
  /** How many facts are taken over, from the first. */
  readonly facts: number;
  readonly reopened: readonly NodeRef[];
  /** Reopened nodes that had started a run and waited for its end. */
  readonly children: readonly (NodeRef & { readonly childId: string })[];
}

/**
 * @param graph of the version that the run had
 * @param facts the whole journal of a run that has ended
 * @throws Error when the run has not ended, or this build cannot fold it
 */
export function takeOver(graph: Graph, facts: readonly Fact[]): TakeOver {
  const end = facts.findIndex(({ type }) => type === 'run.ended');
  if (end < 0) throw new Error('A run that has not ended is not taken over.');
  const state = fold(facts.slice(0, end));
  const reopened = reopenedAt(graph, state);
  return {
    facts: end,
    reopened: reopened.map(({ path, iteration }) => ({ path, iteration })),
    children: reopened.flatMap(({ phase, path, iteration, childId }) =>
      childId === undefined || phase === 'completed' ? [] : [{ path, iteration, childId }],
    ),
  };
}

/**
 * The nodes that begin anew when another run goes on from this state.
 *
 * @param isFork a finally that is under way goes on, where what it comes after has completed
 */
export function reopenedAt(graph: Graph, state: RunState, isFork = false): readonly NodeState[] {
  return [...state.nodes.values()].filter((node) => !staysAsItIs(node, graph, state, isFork));
}

function staysAsItIs({ phase, path, iteration, cancelsOn }: NodeState, graph: Graph, state: RunState, isFork: boolean): boolean {
  const node = graph.byPath.get(path);
  const isOver = phase === 'completed' || phase === 'skipped' || phase === 'chosen';
  if (!node || cancelsOn !== undefined) return isOver;
  const around = [...bodiesAround(node)].flatMap((body) => (body.owner ? [{ body, owner: body.owner }] : []));
  const iterationOf = (owner: GraphNode) => outerIteration(iteration, loopsAround(owner).length);
  const hasCompleted = (owner: GraphNode) => outcomeOf(owner, iterationOf(owner), state).status === 'completed';
  const isDone = (owner: GraphNode) =>
    owner.bodies.some(({ nodes, isLast }) => !isLast && hasGoneThrough(nodes, iterationOf(owner), state));
  if (around.some(({ body, owner }) => body.isLast && !hasCompleted(owner) && !(isFork && isDone(owner)))) return false;
  if (isOver) return true;
  const hasCaught = ({ body, owner }: (typeof around)[number]) =>
    body.isGuarded && state.nodes.get(nodeKey(owner.path, iterationOf(owner)))?.caught !== undefined;
  return around.some((one) => hasCaught(one) || hasCompleted(one.owner));
}

function hasGoneThrough(nodes: readonly GraphNode[], iteration: string, state: RunState): boolean {
  const last = nodes.at(-1);
  return last !== undefined && outcomeOf(last, iteration, state).status === 'completed';
}
