import { createHash } from 'node:crypto';
import { type ClaimedRun, type ExecuteAction, nodeKey, type RunState } from '@stepwell/engine';

interface Of {
  readonly run: Pick<ClaimedRun, 'lineage_root'>;
  readonly state: Pick<RunState, 'undone'>;
}

/**
 * Over all attempts, and over unedited retries of the run, because it starts from the lineage root; what stands in has its own. A step that
 * was undone does what it does anew, and so does its undo.
 */
export function defaultKeyOf(
  { run, state }: Of,
  { node, iteration, standIn }: Pick<ExecuteAction, 'node' | 'iteration' | 'standIn'>,
): string {
  const step = node.definition.kind === 'compensation' ? node.parent.owner : node;
  const undone = state.undone.get(nodeKey(step?.path ?? '', iteration));
  const more = [...(standIn && standIn !== 'verify' ? [standIn] : []), ...(undone === undefined ? [] : [`undone ${undone}`])];
  const place = [run.lineage_root, node.path, iteration, ...more];
  return createHash('sha256').update(place.join('\n')).digest('hex').slice(0, 40);
}
