import type { ChangeFeed } from '@stepwell/engine';
import type { TaskRecord } from '@stepwell/storage';

/** Tells live pages that a task, and so its run, is not what it was. To be called after the commit. */
export function taskChanged(changes: ChangeFeed, tenant: string, { id, run_id: runId }: TaskRecord): void {
  changes.publish([
    { tenant, kind: 'task', id },
    { tenant, kind: 'run', id: runId },
  ]);
}
