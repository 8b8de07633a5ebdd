/**
 * Gives leased runs back to the queue, with a new epoch: after an unknown commit outcome, and when a worker stops. Raising the epoch
 * waits, by the row lock, for whatever is still in flight, or fences it. Locks run rows. A run is looked up by its key alone (the status within
 * coalesce fits no index): a plan of a quiet hour supposes that one is at work, and reads all that are.
 */
import { type Sql, statement } from '../sql.js';

export const GIVE_BACK = statement(
  'give-back',
  `UPDATE runs SET status = 'queued', worker = NULL, epoch = epoch + 1
   WHERE tenant = $1 AND id = $2 AND epoch = $3 AND coalesce(status = 'running', false) RETURNING queue`,
);

/** Gives one run back, if this epoch still holds it. */
export async function giveBack(sql: Sql, tenant: string, runId: string, epoch: number): Promise<void> {
  await sql.query(GIVE_BACK, [tenant, runId, epoch]);
}

export const LEASED_TO = statement('leased-to', `SELECT tenant, id, epoch FROM runs WHERE status = 'running' AND worker = $1`);

/** The runs leased to a worker: after a lost answer it may hold runs it does not know of. */
export async function leasedTo(sql: Sql, worker: string): Promise<{ tenant: string; id: string; epoch: number }[]> {
  return sql.query(LEASED_TO, [worker]);
}
