/** A run that was inserted leased to this process: as its claim would have given it, and its journal. */
import type { Json } from '@stepwell/contracts';
import type { ClaimedRun, Fact } from '@stepwell/engine';

type Inserted = Pick<ClaimedRun, 'tenant' | 'id' | 'workflow' | 'version' | 'queue' | 'actor' | 'parent_run'>;

export function firstLease({ tenant, id, workflow, version, queue, actor, parent_run }: Inserted): ClaimedRun {
  const about = { tenant, id, workflow, version, queue, actor, parent_run };
  return { ...about, epoch: 1, attention: 0, last_seq: 1, lineage_root: id, due_at: null };
}

/**
 * @param input JSON text: the run shares no object with whoever started it
 * @param at milliseconds since 1970
 */
export function firstFact(input: string, at: number): Fact {
  const payload = { input: JSON.parse(input) as Json };
  return { seq: 1, type: 'run.started', version: 1, path: '', iteration: '', attempt: 0, payload, at };
}
