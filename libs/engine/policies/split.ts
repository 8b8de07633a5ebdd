/**
 * Lays a lot against weights, in the order in which the variants are written. Published in docs/reference/nodes.md.
 *
 * @param lot from 0 to 1, without 1
 * @returns the index of a variant whose weight is above 0
 */
export function pickVariant(lot: number, weights: readonly number[]): number {
  let rest = lot * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    if (rest < weight) return index;
    rest -= weight;
  }
  return weights.findLastIndex((weight) => weight > 0);
}
