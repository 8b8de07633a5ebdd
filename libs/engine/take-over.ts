/**
 * What the retry of an ended run takes over. Its journal begins with all that the ended run's had before the end, so a fold of it needs no
 * other; then a fact names the nodes that begin anew. What has completed stays so and is not executed again, whichever branch it is in: an
 * output, a decision, an event that was taken, a choice, a list, a child's result. A failure stays too where it has become an output,
 * as in a parallel that collects all, or was caught. Only two begin anew although they have completed: the finally of a try that has not,
 * which has to come last, and what the escalation of a screen has run that is to open again, which was about the former task. An effect
 * outside that was made in them stays all the same, and keeps its output.
 */
import type { StepNode } from '@stepwell/sdk';
import { fold } from './apply.js';
import { outcomeOf } from './decide.js';
import type { Fact } from './facts/fact.js';
import type { KeptEffect, NodeRef, Reopened } from './facts/retry.facts.js';
import { bodiesAround, type Graph, type GraphNode } from './graph/graph.js';
import { nodeKey, outerIteration } from './graph/iteration.js';
import { emptyState, type NodeState, type RunState } from './run-state.js';
import { isUndone } from './undoable.js';

export interface Beginnings {
  /** The nodes that begin anew. */
  readonly reopened: readonly Reopened[];
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
  const state = fold(taken);
  const reopened = reopenedAt(graph, state);
  return {
    facts: end,
    begun: beginnings(graph, taken, state, reopened),
    children: reopened.flatMap(({ phase, path, iteration, childId }) =>
      childId === undefined || phase === 'completed' ? [] : [{ path, iteration, childId }],
    ),
  };
}

/**
 * @param reopened the nodes that begin anew when another run goes on from these facts
 * @param state the fold of them
 */
export function beginnings(
  graph: Graph,
  facts: readonly Fact[],
  state: RunState,
  reopened: readonly NodeState[],
  isFork = false,
): Beginnings {
  const effects = [...graph.byPath.values()].some(mayMakeAgain) ? keptEffects(graph, facts, isFork) : [];
  const loops = undoneLoops(graph, state);
  const others = reopened.filter(({ path, iteration }) => !loops.has(nodeKey(path, iteration)));
  return {
    reopened: [...loops.values(), ...others.map(({ path, iteration }) => ({ path, iteration }))],
    ...(effects.length > 0 ? { effects } : {}),
  };
}

/** It has an effect outside, and stands in what begins anew although it has completed. */
function mayMakeAgain(node: GraphNode): boolean {
  return (
    (node.definition as Partial<StepNode>).policy?.externalEffect != null &&
    [...bodiesAround(node)].some(({ isLast, owner }) => isLast || isScreen(owner))
  );
}

function keptEffects(graph: Graph, facts: readonly Fact[], isFork: boolean): KeptEffect[] {
  const state = fold(facts, emptyState({ keepsAll: true }));
  const kept = [...state.nodes.values()].filter(({ effect }) => effect !== undefined);
  return kept
    .filter((node) => !staysAsItIs(node, graph, state, isFork) && !wasUndone(node, graph, state))
    .map(({ path, iteration, attempt, effect, output, fault, beganWith, key }) => ({
      path,
      iteration,
      attempt,
      ...(effect === 'made'
        ? { output }
        : { fault, ...(beganWith === undefined ? {} : { beganWith }), ...(key === undefined ? {} : { key }) }),
    }));
}

/** A step that was undone, or what has undone it. */
function wasUndone({ path, iteration }: NodeRef, graph: Graph, state: RunState): boolean {
  const node = graph.byPath.get(path);
  const step = node?.definition.kind === 'compensation' ? node.parent.owner : node;
  return step !== undefined && isUndone(step, iteration, state);
}

/** Loops in whose turns something was undone go back to the first such turn, but those that begin anew as a whole. */
function undoneLoops(graph: Graph, state: RunState): ReadonlyMap<string, Reopened> {
  const loops = new Map<string, Required<Reopened>>();
  for (const { path, iteration } of state.nodes.values()) {
    const node = graph.byPath.get(path);
    if (!node || !isUndone(node, iteration, state) || isLeftAside(node, iteration, state)) continue;
    for (const { owner, repeats } of bodiesAround(node)) {
      // The items of a for-each stand for themselves.
      if (!owner || !repeats || owner.definition.kind !== 'loop') continue;
      const depth = owner.loops.length;
      const at = { path: owner.path, iteration: outerIteration(iteration, depth) };
      if (isToComeLast(owner, at.iteration, state, false)) continue;
      const key = nodeKey(at.path, at.iteration);
      loops.set(key, { ...at, turns: Math.min(Number(iteration.split('.')[depth]), loops.get(key)?.turns ?? Infinity) });
    }
  }
  return loops;
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
  // What was undone begins anew; an undo that was not come to may be come to again.
  const isUndo = node?.definition.kind === 'compensation';
  if (node && (isUndo || isUndone(node, iteration, state))) {
    if (!isLeftAside(node, iteration, state) || (isUndo && phase !== 'completed')) return false;
  }
  const isOver = phase === 'completed' || phase === 'skipped' || phase === 'chosen';
  if (!node || cancelsOn !== undefined) return isOver;
  if (isToComeLast(node, iteration, state, isFork) || isOfFormerTask(node, iteration, graph, state, isFork)) return false;
  if (isOver) return true;
  if (hasLost(node, iteration, state)) return true;
  return [...bodiesAround(node)].some(({ owner, isGuarded }) => {
    if (!owner) return false;
    const at = outerIteration(iteration, owner.loops.length);
    const hasCaught = isGuarded && state.nodes.get(owner.path, at)?.caught !== undefined;
    return hasCaught || outcomeOf(owner, at, state).status === 'completed';
  });
}

/** The escalation of a screen has run it, and the screen opens again with another task. */
function isOfFormerTask(node: GraphNode, iteration: string, graph: Graph, state: RunState, isFork: boolean): boolean {
  return [...bodiesAround(node)].some(({ owner }) => {
    const own = isScreen(owner) ? state.nodes.get(owner.path, outerIteration(iteration, owner.loops.length)) : undefined;
    return own !== undefined && !staysAsItIs(own, graph, state, isFork);
  });
}

function isScreen(node: GraphNode | undefined): node is GraphNode {
  return node?.definition.kind === 'screen';
}

/** Its race has another winner, and it does not stand in what has to be left for that. */
function hasLost(node: GraphNode, iteration: string, state: RunState): boolean {
  for (const { owner, segment, isShielded } of bodiesAround(node)) {
    const winner = owner && state.nodes.get(owner.path, outerIteration(iteration, owner.loops.length))?.winner;
    if (winner !== undefined && winner !== segment) return true;
    if (isShielded) return false;
  }
  return false;
}

/** Nobody comes to it again: its race has another winner, or a try has caught what failed beside it. */
function isLeftAside(node: GraphNode, iteration: string, state: RunState): boolean {
  return [...bodiesAround(node)].some(({ owner, segment, isGuarded }) => {
    const own = owner && state.nodes.get(owner.path, outerIteration(iteration, owner.loops.length));
    return own !== undefined && ((own.winner !== undefined && own.winner !== segment) || (isGuarded && own.caught !== undefined));
  });
}

/** It stands in the finally of a try that has not completed. */
function isToComeLast(node: GraphNode, iteration: string, state: RunState, isFork: boolean): boolean {
  return [...bodiesAround(node)].some(({ owner, isLast }) => {
    if (!owner || !isLast) return false;
    const at = outerIteration(iteration, owner.loops.length);
    const isDone = () => owner.bodies.some((body) => !body.isLast && hasGoneThrough(body.nodes, at, state));
    return outcomeOf(owner, at, state).status !== 'completed' && !(isFork && isDone());
  });
}

function hasGoneThrough(nodes: readonly GraphNode[], iteration: string, state: RunState): boolean {
  const last = nodes.at(-1);
  return last !== undefined && outcomeOf(last, iteration, state).status === 'completed';
}
