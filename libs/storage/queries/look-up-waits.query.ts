/**
 * Finds what had come before somebody waited for it: the events since the wait's `since` that fit its match and that its run has not
 * taken elsewhere become deliveries to it, oldest first (engine rule 6). A wait is committed first and looked up afterwards, in a later
 * statement, and an event is routed after its own commit; so one of the two always sees the other.
 *
 * Locks: waits that were not looked up, SKIP LOCKED, so that several processes share the work; then only new delivery rows, in the order
 * of event and wait, as route-events does. A repeat inserts nothing. A wait with more events than a batch stays new, and the next pass
 * goes on where this one stopped.
 */
import { type Sql, statement } from '../sql.js';

/** Written into the statement: see route-events. */
export const LOOK_UP_LIMIT = 200;
const EVENT_LIMIT = 500;

export const LOOK_UP_WAITS = statement(
  'look-up-waits',
  `WITH fresh AS MATERIALIZED (
     SELECT tenant, run_id, id, event, shape, key, since FROM event_waits WHERE NOT looked_up ORDER BY id LIMIT ${LOOK_UP_LIMIT}
     FOR NO KEY UPDATE SKIP LOCKED),
   found AS (
     INSERT INTO event_deliveries (tenant, event_id, consumer, run_id, status)
     SELECT f.tenant, e.id, 'wait:' || f.id, f.run_id, 'pending' FROM fresh f
     CROSS JOIN LATERAL (
       SELECT e.id FROM events e
       WHERE e.tenant = f.tenant AND e.name = f.event AND e.id >= uuid_floor(f.since - interval '1 minute') AND e.emitted_at >= f.since
         AND match_key(e.payload, f.shape) = f.key
         AND NOT EXISTS (SELECT FROM event_deliveries d WHERE d.tenant = f.tenant AND d.event_id = e.id
           AND (d.consumer = 'wait:' || f.id OR d.run_id = f.run_id AND d.status = 'woke'))
       ORDER BY e.id LIMIT ${EVENT_LIMIT}) AS e
     ORDER BY e.id, f.id
     ON CONFLICT DO NOTHING
     RETURNING consumer)
   UPDATE event_waits w SET looked_up = (SELECT count(*) FROM found WHERE consumer = 'wait:' || f.id) < ${EVENT_LIMIT}
   FROM fresh f WHERE w.tenant = f.tenant AND w.run_id = f.run_id AND w.id = f.id
   RETURNING (SELECT count(*)::int FROM found) AS events`,
);

/** @returns how many waits were looked up, and how many events had come for them */
export async function lookUpWaits(sql: Sql): Promise<{ readonly waits: number; readonly events: number }> {
  const rows = await sql.query<{ events: number }>(LOOK_UP_WAITS, []);
  return { waits: rows.length, events: rows[0]?.events ?? 0 };
}
