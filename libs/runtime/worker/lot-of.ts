import { createHash } from 'node:crypto';

/**
 * The lot of a text, for ever the same: the first 48 bits of its SHA-256, as a share of 2^48. Published in docs/reference/nodes.md, for
 * those who compute elsewhere which variant somebody has.
 *
 * @returns from 0 to 1, without 1
 */
export function lotOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
