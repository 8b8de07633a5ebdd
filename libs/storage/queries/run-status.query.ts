/** Small reads about one run. They take no lock. */
import type { RunStatus } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export const RUN_STATUS = statement('run-status', 'SELECT status FROM runs WHERE tenant = $1 AND id = $2');

export async function runStatus(sql: Sql, tenant: string, runId: string): Promise<RunStatus | undefined> {
  const [row] = await sql.query<{ status: RunStatus }>(RUN_STATUS, [tenant, runId]);
  return row?.status;
}

export const SETTLED_BEFORE = statement(
  'settled-before',
  `SELECT 1
   FROM journal j
   LEFT JOIN blobs b ON b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob
   WHERE j.tenant = $1 AND j.run_id = $2 AND j.type = 'async-result.settled' AND coalesce(j.payload, b.data) ->> 'id' = $3`,
);

/** Whether the journal has a result of this id; exact when the caller holds the run row's lock. */
export async function settledBefore(sql: Sql, tenant: string, runId: string, asyncResultId: string): Promise<boolean> {
  return (await sql.query(SETTLED_BEFORE, [tenant, runId, asyncResultId])).length > 0;
}
