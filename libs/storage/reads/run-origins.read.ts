/** What runs came from. Takes no lock. They are looked up one by one (LIMIT): a join would read all of a young table. */
import type { RunRef } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export interface RunOriginRow {
  readonly id: string;
  /** `api`, `event`, `schedule`, `emitter`, `parent` or `fork`; of a retry, that of the run it retries. */
  readonly startedBy: string;
  readonly causeEvent: string | null;
  readonly causeRun: string | null;
  readonly retryOf: string | null;
}

export const READ_RUN_ORIGINS = statement(
  'read-run-origins',
  `SELECT r.id, r.started_by AS "startedBy", r.cause_event AS "causeEvent", r.cause_run AS "causeRun", r.retry_of AS "retryOf"
   FROM unnest($1::text[], $2::uuid[]) AS w(tenant, id)
   CROSS JOIN LATERAL (SELECT * FROM runs WHERE tenant = w.tenant AND id = w.id LIMIT 1) AS r`,
);

/** @returns by id; a run that is gone is absent */
export async function readRunOrigins(sql: Sql, runs: readonly RunRef[]): Promise<ReadonlyMap<string, RunOriginRow>> {
  const rows = await sql.query<RunOriginRow>(READ_RUN_ORIGINS, [runs.map(({ tenant }) => tenant), runs.map(({ id }) => id)]);
  return new Map(rows.map((row) => [row.id, row]));
}
