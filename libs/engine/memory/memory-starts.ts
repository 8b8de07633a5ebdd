/** How runs begin in memory, with the rules of `storage/queries/insert-runs.query.ts`. */
import type { InsertedRun, NewRun } from '../ports/run-starts.port.js';
import type { MemoryRows, MemoryRun } from './memory-rows.js';

type Start = Omit<NewRun, 'startedBy'> & { readonly startedBy: MemoryRun['startedBy'] };

/** @returns the run that used its key first, when that is another one: then nothing was inserted */
export function insertRun(rows: MemoryRows, run: Start, parentRun: string | null = null): InsertedRun {
  if (run.key !== null) {
    const key = runKey(run.tenant, run.workflow, run.key);
    const first = rows.runKeys.get(key);
    if (first !== undefined && first !== run.id) return { runId: first, existing: true };
    rows.runKeys.set(key, run.id);
  }
  const { tenant, id, workflow, version, queue, worker, priority, permitKey, startedBy, actor, causeEvent, causeRun } = run;
  rows.runs.set(id, {
    ...{
      tenant,
      id,
      workflow,
      version,
      queue,
      worker,
      priority,
      ownPriority: null,
      permitKey,
      startedBy,
      actor,
      causeEvent,
      causeRun,
      parentRun,
    },
    needs: `${workflow}@${version}`,
    status: worker === null ? 'queued' : 'running',
    epoch: worker === null ? 0 : 1,
    attention: 0,
    lastSeq: 1,
    lineageRoot: id,
    createdAt: rows.now(),
    waitReasons: [],
    ...{ dueAt: null, errorCode: null, errorMessage: null, endedAt: null, cancelRequestedAt: null },
    crashes: [],
  });
  const payload = `{"input":${run.input}${run.session == null ? '' : `,"session":${JSON.stringify(run.session)}`}}`;
  rows.addFact(id, { seq: 1, type: 'run.started', path: '', iteration: '', attempt: 0, payload });
  return { runId: id, existing: false };
}

export function runKey(tenant: string, workflow: string, key: string): string {
  return JSON.stringify([tenant, workflow, key]);
}
