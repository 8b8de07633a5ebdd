import { RunStatus } from '@stepwell/contracts';
import { type Hold, type Incident, SUSPECT_FROM } from '@stepwell/engine';
import { errorObject } from './step.mapper.js';
import type { RunStopObject } from './checkpoint.object.js';
import type { IncidentObject } from './incident.object.js';
import { type RelatedRunRow, type RunRow } from '@stepwell/storage';
import type { RelatedRunObject, RunObject, SettledLetterObject } from './run.object.js';

export function runObject(row: RunRow): RunObject {
  const { id, workflow, title, version, priority, status, waitReasons, startedBy, actor, errorCode, errorMessage, crashes } = row;
  return {
    ...{ id, workflow, title, version, priority, status, waitReasons, startedBy, actor, errorCode, errorMessage, crashes },
    isSuspect: crashes >= SUSPECT_FROM,
    dueAt: instant(row.dueAt),
    createdAt: row.createdAt.toISOString(),
    endedAt: instant(row.endedAt),
    cancelRequestedAt: instant(row.cancelRequestedAt),
    retryOfId: row.retryOf,
    retriedAsId: row.retriedAs,
    lineageRoot: row.lineageRoot,
    session: row.session,
    isDeadLetter: status === RunStatus.failed && row.retriedAs === null && row.letter === null,
    settledLetter: row.letter as SettledLetterObject | null,
  };
}

export function relatedRunObject({ direction, via, event, ...row }: RelatedRunRow): RelatedRunObject {
  return { run: runObject(row), direction, via, event };
}

export function incidentObject({ path, iteration, attempt, cause, fault, since }: Incident): IncidentObject {
  const nodeId = path.slice(path.lastIndexOf('/') + 1);
  return { path, iteration, nodeId, attempt, cause, error: errorObject(fault), since: new Date(since).toISOString() };
}

export function stopObject({ seq, path, iteration, at }: Hold): RunStopObject {
  return { seq, path, iteration, since: new Date(at).toISOString() };
}

function instant(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
