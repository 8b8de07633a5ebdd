import { createHash } from 'node:crypto';
import type { ClaimedRun, ExecuteAction } from '@stepwell/engine';

/** Over all attempts, and over unedited retries of the run, because it starts from the lineage root; what stands in has its own. */
export function defaultKeyOf({ lineage_root: root }: ClaimedRun, { node, iteration, standIn }: ExecuteAction): string {
  const place = [root, node.path, iteration, ...(standIn && standIn !== 'verify' ? [standIn] : [])];
  return createHash('sha256').update(place.join('\n')).digest('hex').slice(0, 40);
}
