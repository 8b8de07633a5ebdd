/**
 * A run goes on in another version of its workflow. What it has come to moves along under the paths of the new graph; all that could not be
 * read from old facts and the new graph alone is in the fact, so the journal folds without the old graph and without the author's code.
 */
import type { Actor } from '@stepwell/contracts';
import type { ByIteration } from '../by-iteration.js';
import { nodeKey } from '../graph/iteration.js';
import type { NodeState, Placed, RunState } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';
import type { EditedOutput } from './fork.facts.js';
import type { NodeRef } from './retry.facts.js';

export interface RunMigratedPayload {
  readonly from: number;
  readonly to: number;
  /** Paths that are others now. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Paths of which nothing is kept. */
  readonly removed: readonly string[];
  /** Of nodes that have chosen a branch whose place is another one now, by their new path. */
  readonly choices: readonly (NodeRef & { readonly choice: number })[];
  /** In place of those that nodes had, by their new path. */
  readonly outputs: readonly EditedOutput[];
  /** The steps in loops that have begun which have an undo, if any have or had: by the loop's new path. */
  readonly loops?: readonly (NodeRef & { readonly undoable: readonly string[] })[];
  readonly by: Actor | null;
  readonly reason: string | null;
}

export const runMigrated: FactType = {
  type: 'run.migrated',
  version: 1,
  apply: (state, fact) => {
    const { moved, removed, choices, outputs, loops = [] } = payloadOf<RunMigratedPayload>(fact);
    const paths = new Map(moved.map(({ from, to }) => [from, to]));
    const gone = new Set(removed);
    const before = placesOf(state);
    const now = (path: string) => paths.get(path) ?? path;
    const isThere = ({ path }: { readonly path: string }) => !gone.has(path);
    const movedNode = (node: NodeState): NodeState => ({
      ...node,
      path: now(node.path),
      ...(node.undoable ? { undoable: node.undoable.filter((path) => !gone.has(path)).map(now) } : {}),
    });
    const movedEntry = <T>([key, value]: readonly [string, T]) => {
      const [path = '', iteration = ''] = key.split('#');
      return gone.has(path) ? [] : [[nodeKey(now(path), iteration), value] as const];
    };
    place(state, {
      nodes: before.nodes.filter(isThere).map(movedNode),
      kept: before.kept.filter(isThere).map(movedNode),
      shields: before.shields.filter(isThere).map((shield) => ({ ...shield, path: now(shield.path) })),
      saved: before.saved.flatMap(movedEntry),
      injected: before.injected.flatMap(movedEntry),
      undone: before.undone.flatMap(movedEntry),
    });
    for (const { path, iteration, choice } of choices) edit(state, { path, iteration }, { choice });
    for (const { path, iteration, output } of outputs) edit(state, { path, iteration }, { output });
    for (const { path, iteration, undoable } of loops) edit(state, { path, iteration }, { undoable });
    state.beforeMigration = before;
  },
};

export interface MigrationUndonePayload {
  readonly from: number;
  readonly to: number;
  /** Nodes whose task or wait the migration had closed, and what the escalation of such a screen had run: they begin anew. */
  readonly reopened: readonly NodeRef[];
  readonly by: Actor | null;
  readonly reason: string | null;
}

/** Stands right behind the migration that it takes back. */
export const migrationUndone: FactType = {
  type: 'migration.undone',
  version: 1,
  apply: (state, fact) => {
    if (state.beforeMigration) place(state, state.beforeMigration);
    for (const { path, iteration } of payloadOf<MigrationUndonePayload>(fact).reopened) {
      state.nodes.delete(path, iteration);
      state.shields.delete(nodeKey(path, iteration));
    }
  },
};

function placesOf({ nodes, kept, shields, saved, injected, undone }: RunState): Placed {
  return {
    nodes: [...nodes.values()],
    kept: [...kept.values()],
    shields: [...shields.values()],
    saved: [...saved],
    injected: [...injected],
    undone: [...undone],
  };
}

function place(state: RunState, { nodes, kept, shields, saved, injected, undone }: Placed): void {
  // What is known of sequences is known of the other graph.
  for (const map of [state.nodes, state.kept, state.shields, state.saved, state.injected, state.undone, state.progress]) map.clear();
  for (const node of nodes) state.nodes.set(node.path, node.iteration, node);
  for (const node of kept) state.kept.set(node.path, node.iteration, node);
  for (const shield of shields) state.shields.set(nodeKey(shield.path, shield.iteration), shield);
  for (const [key, value] of saved) set(state.saved, key, value);
  for (const [key, value] of injected) set(state.injected, key, value);
  for (const [key, value] of undone) state.undone.set(key, value);
}

function set<Value>(map: ByIteration<Value>, key: string, value: Value): void {
  const [path = '', iteration = ''] = key.split('#');
  map.set(path, iteration, value);
}

function edit(state: RunState, { path, iteration }: NodeRef, change: Partial<NodeState>): void {
  const node = state.nodes.get(path, iteration);
  if (node) Object.assign(node, change);
}
