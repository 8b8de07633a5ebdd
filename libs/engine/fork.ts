/**
 * What a fork takes over: the facts that a run's journal had before it came to a node. The run was in that state once, so the fold of them is
 * sound whatever ran beside; what was open at that moment (a task, a wait, a child, an attempt) begins anew in the fork, as in a retry.
 */
import type { NodeDefinition } from '@stepwell/sdk';
import { fold } from './apply.js';
import type { Fact } from './facts/fact.js';
import type { NodeRef } from './facts/retry.facts.js';
import { bodiesAround, type Graph } from './graph/graph.js';
import { nodeKey } from './graph/iteration.js';
import { isBelow, type NodeState, type RunState } from './run-state.js';
import { type Beginnings, beginnings, reopenedAt } from './take-over.js';

export interface Fork {
  /** How many facts are taken over, from the first. */
  readonly facts: number;
  readonly begun: Beginnings;
  /** Steps that it would take over as done, and that the run has undone since. */
  readonly undone: readonly NodeRef[];
  /** The run as it was then. */
  readonly state: RunState;
}

/**
 * @param graph of the version that the run had
 * @param facts the journal of the run, whether it has ended or not
 * @param from where the fork goes on: before a node begins, or behind a fact; null from the start
 * @returns undefined when the run has not come to there
 * @throws Error when this build cannot fold the journal
 */
export function forkAt(graph: Graph, facts: readonly Fact[], from: NodeRef | { readonly behind: number } | null): Fork | undefined {
  // What stands before is in places of another version's graph.
  const migrated = facts.findLastIndex(({ type }) => MIGRATING.has(type));
  const cut =
    from === null
      ? 1
      : 'behind' in from
        ? Math.min(from.behind, facts.length)
        : facts.findIndex((fact, index) => index > migrated && isAt(fact, from));
  if (from !== null && cut <= migrated) return undefined;
  if (cut < 1 || facts.length === 0) return undefined;
  const taken = facts.slice(0, cut);
  const state = fold(taken);
  const reopened = reopenedAt(graph, state, true).filter((node) => node.phase !== 'failed' || !isTaken(node, graph));
  const undone = undoneIn(graph, facts.slice(cut)).filter(({ path, iteration }) => {
    const node = state.nodes.get(path, iteration) ?? state.kept.get(path, iteration);
    return node?.phase === 'completed';
  });
  return { facts: cut, begun: beginnings(graph, taken, state, reopened, true), undone, state };
}

function undoneIn(graph: Graph, facts: readonly Fact[]): NodeRef[] {
  return facts.flatMap(({ type, path, iteration }) => {
    const node = graph.byPath.get(path);
    const isUndo = node?.definition.kind === 'compensation' && (type === 'step.completed' || type === 'incident.resolved');
    return isUndo && node.parent.owner ? [{ path: node.parent.owner.path, iteration }] : [];
  });
}

const MIGRATING: ReadonlySet<string> = new Set(['run.migrated', 'migration.undone']);

/**
 * What is around it goes on after such a failure: a race, a parallel that collects all, a for-each of runs that does not stop. What a screen's
 * escalation has run fails for the screen alone.
 */
function isTaken({ path }: NodeState, graph: Graph): boolean {
  const node = graph.byPath.get(path);
  for (const { owner } of node ? bodiesAround(node) : []) {
    if (!owner || owner.definition.kind === 'screen') return false;
    if (goesOn(owner.definition)) return true;
  }
  return false;
}

function goesOn(definition: NodeDefinition): boolean {
  if (definition.kind === 'for-each-run') return definition.onItemFailure !== 'stop';
  return definition.kind === 'race' || (definition.kind === 'parallel' && definition.mode === 'collect-all');
}

function isAt(fact: Fact, { path, iteration }: NodeRef): boolean {
  return nodeKey(fact.path, fact.iteration) === nodeKey(path, iteration) || isBelow(fact, path, iteration);
}
