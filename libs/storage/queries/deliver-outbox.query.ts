/**
 * Brings what runs have to say to each other into their inboxes: a child's end to its parent, a parent's cancel to its children. The
 * sender's flush cannot do it itself: both may be in one batch, and a statement updates no row twice.
 *
 * Locks: the runs by id, FOR NO KEY UPDATE, as append-inbox does and for the same reasons; then the messages, which are deleted: of two
 * processes that saw the same ones, the second waits at the run and then finds nothing. To a run that has ended nothing is said.
 * Messages find their runs by hashing: see deliver-to-waits.
 */
import type { Told, WokenRun } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

/** Written into the statement: see route-events. */
export const OUTBOX_LIMIT = 500;

export const DELIVER_OUTBOX = statement(
  'deliver-outbox',
  `WITH due AS MATERIALIZED (
     SELECT tenant, id, run_id FROM outbox ORDER BY id LIMIT ${OUTBOX_LIMIT}),
   locked AS MATERIALIZED (
     SELECT r.* FROM (SELECT DISTINCT tenant, run_id FROM due ORDER BY run_id) AS d
     CROSS JOIN LATERAL (
       SELECT r.tenant, r.id, r.status NOT IN ('completed', 'failed', 'canceled') AS lives FROM runs r WHERE r.tenant = d.tenant AND r.id = d.run_id
       FOR NO KEY UPDATE) AS r),
   of_runs AS MATERIALIZED (
     SELECT d.tenant, d.id, l.lives FROM due d FULL JOIN locked l ON l.tenant = d.tenant AND l.id = d.run_id),
   taken AS (
     DELETE FROM outbox o USING of_runs d WHERE o.tenant = d.tenant AND o.id = d.id
     RETURNING o.tenant, o.id, o.run_id, o.kind, o.dedupe_key, o.payload, d.lives),
   told AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
     SELECT tenant, run_id, kind, dedupe_key, payload FROM taken WHERE lives ORDER BY id
     ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING
     RETURNING tenant, run_id),
   woken AS (
     UPDATE runs r SET attention = r.attention + 1, status = CASE r.status WHEN 'waiting' THEN 'queued' ELSE r.status END
     WHERE r.tenant = ANY(ARRAY(SELECT tenant FROM told)) AND r.id = ANY(ARRAY(SELECT run_id FROM told))
     RETURNING r.tenant, r.id, r.queue)
   SELECT w.tenant, w.id, w.queue, n.delivered FROM (SELECT count(*)::int AS delivered FROM taken) AS n LEFT JOIN woken w ON true`,
);

/** @returns how many messages were taken, and the runs that have something to read; no messages means that there are none */
export async function deliverOutbox(sql: Sql): Promise<Told> {
  const rows = await sql.query<(WokenRun | { readonly id: null }) & { readonly delivered: number }>(DELIVER_OUTBOX, []);
  return { delivered: rows[0]?.delivered ?? 0, runs: rows.filter((row): row is WokenRun & { delivered: number } => row.id !== null) };
}
