/**
 * Iterations: which turn of the loops around it a node is in. Stored with every fact, task and dispatch, so its form is fixed before the
 * first loop exists: `''` outside of any loop, otherwise the indexes of the loops around the node, outermost first, joined by dots
 * (`'3'`, `'3.0'`).
 */

/** The iteration of a loop's body, for a loop that itself is in `outer`. */
export function innerIteration(outer: string, index: number): string {
  return outer === '' ? `${index}` : `${outer}.${index}`;
}

/** The first `depth` indexes of an iteration. */
export function outerIteration(iteration: string, depth: number): string {
  let end = depth === 0 ? 0 : iteration.indexOf('.');
  for (let count = 1; count < depth && end >= 0; count++) end = iteration.indexOf('.', end + 1);
  return end < 0 ? iteration : iteration.slice(0, end);
}

/** The path of what undoes the step at this one. */
export function undoOf(path: string): string {
  return `${path}/undo`;
}

/** The key of a node's state: its path, and the iteration when it stands in a loop. */
export function nodeKey(path: string, iteration: string): string {
  return iteration === '' ? path : `${path}#${iteration}`;
}
