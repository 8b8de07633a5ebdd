/**
 * What the retry of an ended run takes over. Its journal begins with all that the ended run's had before the end, so a fold of it needs no
 * other; then a fact names the nodes that begin anew. What has completed stays so and is not executed again, whichever branch it is in: an
 * output, a decision, an event that was taken, a choice, a list, a child's result. A failure stays too where it has become an output,
 * as in a parallel that collects all, or was caught. Only the finally of a try that has not completed begins anew: it has to come last. An
 * effect outside that was made in it stays all the same, and keeps its output.
 */
import type { StepNode } from '@stepwell/sdk';
import { fold } from './apply.js';
import { outcomeOf } from './decide.js';
import type { Fact } from './facts/fact.js';
import type { KeptEffect, NodeRef } from './facts/retry.facts.js';
import { bodiesAround, type Graph, type GraphNode, loopsAround } from './graph/graph.js';
import { nodeKey, outerIteration } from './graph/iteration.js';
import { IterationIndex } from './iteration-index.js';
import { emptyState, type NodeState, type RunState } from './run-state.js';

export interface Beginnings {
  /** The nodes that begin anew. */
  readonly reopened: readonly NodeRef[];
  /** What of them, and of turns that their loops have forgotten, is not made again; absent for nothing. */
  readonly effects?: readonly KeptEffect[];
}

export interface TakeOver {
  /** How many facts are taken over, from the first. */
  readonly facts: number;
  readonly begun: Beginnings;
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
  const taken = facts.slice(0, end);
  const reopened = reopenedAt(graph, fold(taken));
  return {
    facts: end,
    begun: beginnings(graph, taken, reopened),
    children: reopened.flatMap(({ phase, path, iteration, childId }) =>
      childId === undefined || phase === 'completed' ? [] : [{ path, iteration, childId }],
    ),
  };
}

/** @param reopened the nodes that begin anew when another run goes on from these facts */
export function beginnings(graph: Graph, facts: readonly Fact[], reopened: readonly NodeState[], isFork = false): Beginnings {
  const effects = [...graph.byPath.values()].some(mayMakeAgain) ? keptEffects(graph, facts, isFork) : [];
  return { reopened: reopened.map(({ path, iteration }) => ({ path, iteration })), ...(effects.length > 0 ? { effects } : {}) };
}

/** It has an effect outside, and stands in what begins anew although it has completed. */
function mayMakeAgain(node: GraphNode): boolean {
  return (node.definition as Partial<StepNode>).policy?.externalEffect != null && [...bodiesAround(node)].some(({ isLast }) => isLast);
}

function keptEffects(graph: Graph, facts: readonly Fact[], isFork: boolean): KeptEffect[] {
  const state = fold(facts, emptyState(new IterationIndex(true)));
  const kept = [...state.nodes.values()].filter(({ effect }) => effect !== undefined);
  return kept
    .filter((node) => !staysAsItIs(node, graph, state, isFork))
    .map(({ path, iteration, attempt, effect, output, fault, beganWith }) => ({
      path,
      iteration,
      attempt,
      ...(effect === 'made' ? { output } : { fault, ...(beganWith === undefined ? {} : { beganWith }) }),
    }));
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
