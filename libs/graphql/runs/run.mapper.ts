import type { RelatedRunRow, RunRow } from '@stepwell/storage';
import type { RelatedRunObject, RunObject } from './run.object.js';

export function runObject(row: RunRow): RunObject {
  const { id, workflow, title, version, status, waitReasons, startedBy, actor, errorCode, errorMessage } = row;
  return {
    ...{ id, workflow, title, version, status, waitReasons, startedBy, actor, errorCode, errorMessage },
    dueAt: instant(row.dueAt),
    createdAt: row.createdAt.toISOString(),
    endedAt: instant(row.endedAt),
    cancelRequestedAt: instant(row.cancelRequestedAt),
  };
}

export function relatedRunObject({ direction, via, event, ...row }: RelatedRunRow): RelatedRunObject {
  return { run: runObject(row), direction, via, event };
}

function instant(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
