/**
 * Which of several weighted variants somebody gets: for ever the same. The first 48 bits of the SHA-256 of
 * `<workflow> NUL <node id> NUL <key>`, as a share of 2^48, are laid against the weights, in the order in which the variants are written.
 * Published in docs/reference/nodes.md: what analyses elsewhere compute must stay true.
 */
import { createHash } from 'node:crypto';

/** @returns the index of a variant whose weight is above 0 */
export function pickVariant(workflow: string, nodeId: string, key: string, weights: readonly number[]): number {
  const hash = createHash('sha256').update(`${workflow}\0${nodeId}\0${key}`).digest();
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = (hash.readUIntBE(0, 6) / 2 ** 48) * total;
  for (const [index, weight] of weights.entries()) {
    if (rest < weight) return index;
    rest -= weight;
  }
  return weights.findLastIndex((weight) => weight > 0);
}
