/**
 * Tells runs of the events that they wait for, through their inboxes: delivery and message in one commit, so each event reaches each wait
 * once.
 *
 * Locks: the runs by id, FOR NO KEY UPDATE, as append-inbox does and for the same reasons; then their deliveries, taken only while they
 * are pending: of two processes that saw the same ones, the second waits at the run and then finds nothing.
 * What is due finds its run by hashing (FULL JOIN, kept apart; each run has a delivery): a plan of a quiet hour supposes one row of each.
 * A run under a cap that an event cancels is marked, so that it need not queue for a place to end: see capped-runs.
 */
import type { Told, WokenRun } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

/** Written into the statement: see route-events. */
export const DELIVER_LIMIT = 500;

export const DELIVER_TO_WAITS = statement(
  'deliver-to-waits',
  `WITH due AS MATERIALIZED (
     SELECT tenant, event_id, consumer, run_id FROM event_deliveries WHERE status = 'pending' AND workflow IS NULL ORDER BY event_id LIMIT ${DELIVER_LIMIT}),
   locked AS MATERIALIZED (
     SELECT r.* FROM (SELECT DISTINCT tenant, run_id FROM due ORDER BY run_id) AS d
     CROSS JOIN LATERAL (
       SELECT r.tenant, r.id, r.status NOT IN ('completed', 'failed', 'canceled') AS lives FROM runs r WHERE r.tenant = d.tenant AND r.id = d.run_id
       FOR NO KEY UPDATE) AS r),
   of_runs AS MATERIALIZED (
     SELECT d.tenant, d.event_id, d.consumer, l.lives FROM due d FULL JOIN locked l ON l.tenant = d.tenant AND l.id = d.run_id),
   delivered AS (
     UPDATE event_deliveries p SET status = CASE WHEN d.lives THEN 'delivered' ELSE 'declined' END, decided_at = clock_timestamp(),
       error = CASE WHEN d.lives THEN NULL ELSE 'The run has ended.' END
     FROM of_runs d
     WHERE p.tenant = d.tenant AND p.event_id = d.event_id AND p.consumer = d.consumer AND p.status = 'pending'
     RETURNING p.tenant, p.event_id, p.consumer, p.run_id, p.status),
   told AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
     SELECT d.tenant, d.run_id, 'event.arrived', d.consumer || ':' || d.event_id, jsonb_build_object('waitId', substr(d.consumer, 6),
       'event', jsonb_build_object('id', e.id, 'name', e.name, 'payload', e.payload, 'idempotencyKey', e.idempotency_key, 'runId', e.source_run,
         'emittedAt', to_char(e.emitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
     FROM delivered d JOIN events e ON e.tenant = d.tenant AND e.id = d.event_id
     WHERE d.status = 'delivered'
     ORDER BY d.event_id
     ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING
     RETURNING tenant, run_id, payload ->> 'waitId' AS wait_id),
   woken AS (
     UPDATE runs r SET attention = r.attention + 1, status = CASE r.status WHEN 'waiting' THEN 'queued' ELSE r.status END,
       cancel_requested_at = CASE WHEN r.cancel_requested_at IS NULL AND r.permit_key IS NOT NULL AND EXISTS (
         SELECT FROM told w JOIN journal j ON j.tenant = w.tenant AND j.run_id = w.run_id AND j.type = 'cancel-on.started' AND j.payload ->> 'waitId' = w.wait_id
         WHERE w.tenant = r.tenant AND w.run_id = r.id) THEN clock_timestamp() ELSE r.cancel_requested_at END
     FROM (SELECT DISTINCT tenant, run_id FROM told) AS t WHERE r.tenant = t.tenant AND r.id = t.run_id
     RETURNING r.tenant, r.id, r.queue)
   SELECT w.tenant, w.id, w.queue, n.delivered FROM (SELECT count(*)::int AS delivered FROM delivered) AS n LEFT JOIN woken w ON true`,
);

/** @returns how many deliveries were made, and the runs that have something to read; no deliveries means that there are none */
export async function deliverToWaits(sql: Sql): Promise<Told> {
  const rows = await sql.query<(WokenRun | { readonly id: null }) & { readonly delivered: number }>(DELIVER_TO_WAITS, []);
  return { delivered: rows[0]?.delivered ?? 0, runs: rows.filter((row): row is WokenRun & { delivered: number } => row.id !== null) };
}
