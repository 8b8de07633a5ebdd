/**
 * The graphs of released versions, as a file keeps them: of each workflow and version its nodes, `kind path`, in their order. A run may wait
 * in any of them, so a released graph does not change: another one has another version.
 */
import type { Graph } from './graph.js';

export type GraphLock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What a lock keeps of a graph. */
export function lockedNodes(graph: Graph): string[] {
  return [...graph.byPath].map(([path, { definition }]) => `${definition.kind} ${path}`);
}

/** @returns the lock with these graphs; versions that are hosted no more stay, so that no number is used again */
export function withGraphs(lock: GraphLock, graphs: readonly Graph[]): GraphLock {
  const all = new Map(Object.entries(lock).map(([name, versions]) => [name, { ...versions }]));
  for (const graph of graphs) all.set(graph.workflow, { ...all.get(graph.workflow), [graph.version]: lockedNodes(graph) });
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns what has become of the locked nodes, one phrase each; none when the graph is as it was */
export function changesSince(locked: readonly string[], graph: Graph): readonly string[] {
  const now = lockedNodes(graph);
  const [before, after] = [kindsOf(locked), kindsOf(now)];
  const removed = topmost([...before.keys()].filter((path) => !after.has(path)));
  const added = topmost([...after.keys()].filter((path) => !before.has(path)));
  const changes: string[] = [];
  for (const path of removed) {
    const kind = before.get(path) ?? '';
    const other = added.findIndex((one) => parentOf(one) === parentOf(path) && after.get(one) === kind);
    if (other < 0) changes.push(`"${path}" (${kind}) is gone`);
    else changes.push(`"${path}" (${kind}) is now "${added.splice(other, 1).join('')}"`);
  }
  for (const path of added) changes.push(`"${path}" (${after.get(path)}) is new`);
  for (const [path, kind] of before) {
    const is = after.get(path);
    if (is !== undefined && is !== kind) changes.push(`"${path}" was a ${kind} and is a ${is}`);
  }
  const isReordered = changes.length === 0 && locked.some((node, index) => node !== now[index]);
  return isReordered ? ['its nodes stand in another order'] : changes;
}

function kindsOf(nodes: readonly string[]): Map<string, string> {
  return new Map(nodes.map((node) => [node.slice(node.indexOf(' ') + 1), node.slice(0, node.indexOf(' '))]));
}

/** Without those that stand in another one of them. */
function topmost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
