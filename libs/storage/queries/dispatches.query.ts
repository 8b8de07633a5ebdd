/**
 * Steps on other queues. A dispatch has a fence of its own: its epoch.
 *
 * Of each queue higher priorities go first, then the older dispatch; queues share the room, so that each is read in the order of its index,
 * and none of a backlog is sorted.
 *
 * Locks. Claiming: dispatch rows, queue by queue in that order, SKIP LOCKED, and none that is not claimed: who skips one would take it for
 * claimed; run rows are only read. Ending: the run row first, then the dispatch, which is deleted by
 * compare-and-set on its epoch; only then the message for the run's owner is written, all in one statement, so that each dispatch tells
 * its end exactly once, also inside a step's own transaction. Giving back: the dispatch row alone.
 */
import type { ClaimedDispatch, DispatchRef } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

// The rows are found again by key: a join, planned while the table was small, reads all of it.
export const CLAIM_DISPATCHES = statement(
  'claim-dispatches',
  `WITH claimable AS MATERIALIZED (
     SELECT c.tenant, c.id FROM unnest($2::text[], $4::int[]) AS q(queue, share)
     CROSS JOIN LATERAL (
       SELECT tenant, id FROM dispatches WHERE status = 'queued' AND queue = q.queue AND needs = ANY($3::text[])
       ORDER BY priority DESC, id LIMIT q.share FOR NO KEY UPDATE SKIP LOCKED) AS c)
   UPDATE dispatches d SET status = 'running', worker = $1, epoch = d.epoch + 1
   FROM runs r
   WHERE d.tenant = ANY(ARRAY(SELECT tenant FROM claimable)) AND d.id = ANY(ARRAY(SELECT id FROM claimable)) AND r.tenant = d.tenant AND r.id = d.run_id
   RETURNING d.queue, d.tenant, d.id, d.run_id, d.path, d.iteration, d.attempt, d.epoch, r.workflow, r.version, r.queue AS run_queue, r.lineage_root,
     r.actor`,
);

/** Asks again, for the room that is left, those queues that have had all of their share. */
export async function claimDispatches(
  sql: Sql,
  worker: string,
  queues: readonly string[],
  needs: readonly string[],
  limit: number,
): Promise<ClaimedDispatch[]> {
  const claimed: ClaimedDispatch[] = [];
  for (let asked = queues; asked.length > 0 && claimed.length < limit;) {
    const room = limit - claimed.length;
    // The first ones get what cannot be divided.
    const shares = asked.map((_, index) => Math.floor(room / asked.length) + (index < room % asked.length ? 1 : 0));
    const rows = await sql.query<ClaimedDispatch & { readonly queue: string }>(CLAIM_DISPATCHES, [worker, asked, needs, shares]);
    for (const { queue: _, ...dispatch } of rows) claimed.push(dispatch);
    asked = asked.filter((queue, index) => rows.filter((row) => row.queue === queue).length === shares[index]);
  }
  return claimed;
}

export const END_DISPATCH = statement(
  'end-dispatch',
  `WITH target AS (
     UPDATE runs
     SET attention = attention + 1, status = CASE status WHEN 'waiting' THEN 'queued' ELSE status END
     WHERE tenant = $1 AND id = $2 AND status NOT IN ('completed', 'failed', 'canceled')
     RETURNING tenant, id),
   ended AS (
     DELETE FROM dispatches d USING target t
     WHERE d.tenant = t.tenant AND d.id = $3 AND d.epoch = $4
     RETURNING d.tenant, d.run_id),
   told AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
     SELECT tenant, run_id, 'dispatch.ended', $5, $6::jsonb FROM ended
     RETURNING run_id)
   SELECT EXISTS (SELECT FROM told) AS told FROM target`,
);

/**
 * Ends a dispatch and tells the run's owner, who makes facts of it.
 *
 * @param facts drafts with their effects, as the owner would have recorded them itself
 * @returns false when another worker has taken the dispatch over, or nobody wants it any more: inside a transaction, roll back
 */
export async function endDispatch(sql: Sql, dispatch: DispatchRef & { readonly run_id: string }, facts: unknown): Promise<boolean> {
  const { tenant, run_id, id, epoch } = dispatch;
  const payload = JSON.stringify({ dispatchId: id, facts });
  const [row] = await sql.query<{ told: boolean }>(END_DISPATCH, [tenant, run_id, id, epoch, `dispatch:${id}:${epoch}`, payload]);
  return row?.told ?? false;
}

export const GIVE_DISPATCH_BACK = statement(
  'give-dispatch-back',
  `UPDATE dispatches SET status = 'queued', worker = NULL, epoch = epoch + 1
   WHERE tenant = $1 AND id = $2 AND epoch = $3 AND status = 'running'`,
);

/** After an unknown outcome: the new epoch waits for, or fences, what is still in flight. */
export async function giveDispatchBack(sql: Sql, dispatch: DispatchRef): Promise<void> {
  await sql.query(GIVE_DISPATCH_BACK, [dispatch.tenant, dispatch.id, dispatch.epoch]);
}

export const DISPATCHES_LEASED_TO = statement(
  'dispatches-leased-to',
  `SELECT tenant, id, epoch FROM dispatches WHERE status = 'running' AND worker = $1`,
);

/** The dispatches leased to a worker: after a lost answer it may hold some that it does not know of. */
export async function dispatchesLeasedTo(sql: Sql, worker: string): Promise<DispatchRef[]> {
  return sql.query<DispatchRef>(DISPATCHES_LEASED_TO, [worker]);
}
