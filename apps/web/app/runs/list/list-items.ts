// What stands in the list: runs, and stretches of an emitter's runs that found nothing, each folded into one line until somebody opens it.
import type { RunRow } from '../runs.query.js';
import type { RunEdge } from './run-rows.js';

export type ListItem =
  | { readonly kind: 'run'; readonly run: RunRow; readonly row: number }
  | { readonly kind: 'quiet'; readonly latest: RunRow; readonly earliest: RunRow; readonly count: number; readonly row: number };

/**
 * @param opened ids of runs whose stretch is to be shown whole
 * @returns newest first; `row` is the place of the (first) run among the edges
 */
export function listItems(edges: readonly RunEdge[], opened: ReadonlySet<string>): readonly ListItem[] {
  const items: ListItem[] = [];
  for (let row = 0; row < edges.length; row++) {
    const run = edges[row]?.node;
    if (!run) break;
    const end = run.isQuiet ? endOfStretch(edges, row) : row;
    const isOpened = end > row && edges.slice(row, end + 1).some(({ node }) => opened.has(node.id));
    if (end === row || isOpened) {
      for (let each = row; each <= end; each++) {
        const shown = edges[each]?.node;
        if (shown) items.push({ kind: 'run', run: shown, row: each });
      }
    } else items.push({ kind: 'quiet', latest: run, earliest: edges[end]?.node ?? run, count: end - row + 1, row });
    row = end;
  }
  return items;
}

/** Of one workflow only: the line names it. */
function endOfStretch(edges: readonly RunEdge[], start: number): number {
  const workflow = edges[start]?.node.workflow;
  let end = start;
  while (edges[end + 1]?.node.isQuiet && edges[end + 1]?.node.workflow === workflow) end++;
  return end;
}
