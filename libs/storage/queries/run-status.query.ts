/** Small reads about one run. They take no lock. */
import type { RunStatus } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export const RUN_STATUS = statement('run-status', 'SELECT status FROM runs WHERE tenant = $1 AND id = $2');

export async function runStatus(sql: Sql, tenant: string, runId: string): Promise<RunStatus | undefined> {
  const [row] = await sql.query<{ status: RunStatus }>(RUN_STATUS, [tenant, runId]);
  return row?.status;
}
