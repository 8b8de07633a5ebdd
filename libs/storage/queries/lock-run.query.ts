/**
 * Locks one run row for a seal that has to write other rows before its facts (an emitter's batch): run before emissions is the lock
 * order of the system. Checks the fence at once, so that a stale owner does no work.
 */
import { type Sql, statement } from '../sql.js';

export const LOCK_RUN = statement(
  'lock-run',
  `SELECT epoch = $3 AND status = 'running' AS mine FROM runs WHERE tenant = $1 AND id = $2 FOR NO KEY UPDATE`,
);

/** @returns false when the lease has passed on */
export async function lockRun(sql: Sql, tenant: string, runId: string, epoch: number): Promise<boolean> {
  const [row] = await sql.query<{ mine: boolean }>(LOCK_RUN, [tenant, runId, epoch]);
  return row?.mine ?? false;
}
