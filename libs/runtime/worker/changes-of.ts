/** What live pages, and whoever seals decisions, are told of a commit. */
import type { Change, RunCommit } from '@stepwell/engine';

/** The run; its tasks that were opened, or escalated, which may have decided them; for those that ended with it, one under its id. */
export function changesOf({ tenant, runId, tasks, escalations = [], intent }: RunCommit): Change[] {
  const run: Change = { tenant, kind: 'run', id: runId };
  const closesRows = intent.kind === 'end' && intent.closesRows;
  // As a rule there is no more, and this is asked of each commit.
  if (tasks.length === 0 && escalations.length === 0 && !closesRows) return [run];
  const changed = [...tasks.map(({ id }) => id), ...escalations.map(({ taskId }) => taskId)];
  if (closesRows) changed.push(runId);
  return [run, ...changed.map((id): Change => ({ tenant, kind: 'task', id }))];
}
