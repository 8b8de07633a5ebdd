/**
 * Routes events: one delivery per event and consumer, and the event is marked, in one statement (engine rule 6).
 *
 * Locks: unrouted events in id order, SKIP LOCKED, so that several routers share the work and none waits; then only new delivery rows.
 * An event is taken because it is unrouted, never because its id is beyond the last one seen: ids do not tell the order of commits.
 * Consumers come from `triggers`, not from the code of whoever routes, so a rolling deploy loses none. A repeat inserts nothing: a
 * delivery is unique by (event, consumer).
 */
import { type Sql, statement } from '../sql.js';

/** Written into the statement: for a limit that it does not know, a generic plan reads a tenth of the table. */
export const ROUTE_LIMIT = 500;

export const ROUTE_EVENTS = statement(
  'route-events',
  `WITH batch AS MATERIALIZED (
     SELECT tenant, id, name FROM events WHERE NOT routed ORDER BY id LIMIT ${ROUTE_LIMIT} FOR NO KEY UPDATE SKIP LOCKED),
   delivered AS (
     INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, version, status)
     SELECT b.tenant, b.id, 'start:' || t.workflow, t.workflow, t.version, 'pending'
     FROM batch b JOIN triggers t ON t.tenant = b.tenant AND t.event = b.name AND t.active
     ORDER BY b.id
     ON CONFLICT DO NOTHING),
   routed AS (
     UPDATE events e SET routed = true FROM batch b WHERE e.tenant = b.tenant AND e.id = b.id RETURNING 1)
   SELECT count(*)::int AS events FROM routed`,
);

/** @returns how many events were routed; a full batch means that there may be more */
export async function routeEvents(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ events: number }>(ROUTE_EVENTS, []);
  return row?.events ?? 0;
}
