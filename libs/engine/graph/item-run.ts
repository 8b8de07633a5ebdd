/**
 * Where the runs of a for-each stand that starts one for each item: `letters/each/letters.run`, the item's index at the end of the
 * iteration. Ids of authors hold no dot, so the path alone tells that it is one.
 */
const SUFFIX = '.run';

/** @param path of the for-each */
export function itemRunOf(path: string): string {
  return `${path}/each/${path.slice(path.lastIndexOf('/') + 1)}${SUFFIX}`;
}

/** The for-each whose item this is a run of; undefined for any other node. */
export function ownerOfItemRun(path: string): string | undefined {
  return path.endsWith(SUFFIX) ? path.slice(0, path.lastIndexOf('/each/')) : undefined;
}

/** Which item of its for-each. */
export function itemIndexOf(iteration: string): number {
  return Number(iteration.slice(iteration.lastIndexOf('.') + 1));
}
