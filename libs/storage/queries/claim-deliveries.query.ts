/**
 * Takes pending deliveries for a while: the listener's code runs between this statement and settle-deliveries, outside any transaction.
 *
 * Locks: pending deliveries by due time, SKIP LOCKED, so that workers share the work and none waits. The claim is only a moved
 * `next_attempt_at`; who takes longer, or dies, leaves the delivery to the next one, and settle-deliveries lets one of them win.
 * A worker takes what its own code listens to, by workflow and event: one whose build does not know the listener leaves the delivery
 * to the others. Each listener has a limit of its own, and callers change their order, so
 * that a flood for one does not keep the others waiting. What is due is read in the order of its index, up to an instant that is known before
 * (a sub-select): neither what comes later is looked at, nor all that is due for each claim.
 */
import type { ClaimedDelivery, Listening } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

/** In all, and per listener. Written into the statement, because a generic plan guesses badly for a limit that it does not know. */
const LIMIT = 500;
export const DELIVERIES_PER_LISTENER = 250;

export const CLAIM_DELIVERIES = statement(
  'claim-deliveries',
  `WITH due AS MATERIALIZED (
     SELECT d.* FROM unnest($1::text[], $2::text[]) AS l(workflow, event)
     CROSS JOIN LATERAL (
       SELECT p.tenant, p.event_id, p.consumer, e.name, e.payload, e.idempotency_key, e.source_run, e.emitted_at
       FROM event_deliveries p JOIN events e ON e.tenant = p.tenant AND e.id = p.event_id AND e.name = l.event
       WHERE p.workflow = l.workflow AND p.status = 'pending' AND p.next_attempt_at <= (SELECT clock_timestamp())
       ORDER BY p.workflow, p.next_attempt_at LIMIT ${DELIVERIES_PER_LISTENER}
       FOR NO KEY UPDATE OF p SKIP LOCKED) AS d
     LIMIT ${LIMIT}),
   claimed AS (
     UPDATE event_deliveries p SET next_attempt_at = clock_timestamp() + $3 * interval '1 millisecond'
     FROM due d WHERE p.tenant = d.tenant AND p.event_id = d.event_id AND p.consumer = d.consumer
     RETURNING p.tenant, p.event_id, p.consumer, p.workflow, p.attempts, d.name, d.payload, d.idempotency_key, d.source_run, d.emitted_at)
   SELECT * FROM claimed ORDER BY event_id, consumer`,
);

/** @param leaseMs for how long nobody else takes them */
export async function claimDeliveries(sql: Sql, listening: readonly Listening[], leaseMs: number): Promise<ClaimedDelivery[]> {
  if (listening.length === 0) return [];
  const values = [listening.map((one) => one.workflow), listening.map((one) => one.event), leaseMs];
  const rows = await sql.query<Omit<ClaimedDelivery, 'emitted_at'> & { readonly emitted_at: Date }>(CLAIM_DELIVERIES, values);
  return rows.map((row) => ({ ...row, emitted_at: row.emitted_at.getTime() }));
}
