import { createHash } from 'node:crypto';
import type { Graph } from '@stepwell/engine';

/** The same for graphs with the same nodes in the same places: 16 hexadecimal digits. */
export function graphFingerprint({ byPath }: Graph): string {
  const nodes = [...byPath.values()].map((node) => ({ path: node.path, kind: node.definition.kind }));
  return createHash('sha256').update(JSON.stringify(nodes)).digest('hex').slice(0, 16);
}
