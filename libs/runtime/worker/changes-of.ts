/** What live pages, and whoever seals decisions, are told of a commit. */
import type { Change, RunCommit } from '@stepwell/engine';

/** The run; its tasks that were opened, or escalated, which may have decided them; for those that ended with it, one under its id. */
export function changesOf({ tenant, runId, tasks, escalations = [], intent }: RunCommit): Change[] {
  const changed = [...tasks.map(({ id }) => id), ...escalations.map(({ taskId }) => taskId)];
  if (intent.kind === 'end' && intent.closesRows) changed.push(runId);
  return [{ tenant, kind: 'run', id: runId }, ...changed.map((id): Change => ({ tenant, kind: 'task', id }))];
}
