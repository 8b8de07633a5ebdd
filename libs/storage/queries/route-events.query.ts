/**
 * Routes events: one delivery per event and consumer, and the event is marked, in one statement (engine rule 6).
 *
 * Consumers are the workflows that start on the event (`triggers`), and the runs that wait for it, or are canceled by it, with a match
 * that its payload fits (`event_waits`). Matches are looked up by key, one look-up per event and per shape of match that anybody waits
 * with; the shapes are found by walking the index from one to the next, however many waits there are.
 *
 * Locks: unrouted events in id order, SKIP LOCKED, so that several routers share the work and none waits; then only new delivery rows, to
 * waits in the order of event and wait, as look-up-waits does, which may make the same ones at the same time.
 * An event is taken because it is unrouted, never because its id is beyond the last one seen: ids do not tell the order of commits.
 * Consumers come from `triggers`, not from the code of whoever routes, so a rolling deploy loses none. A repeat inserts nothing: a
 * delivery is unique by (event, consumer).
 */
import type { Routed } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

/** Written into the statement: for a limit that it does not know, a generic plan reads a tenth of the table. */
export const ROUTE_LIMIT = 500;

export const ROUTE_EVENTS = statement(
  'route-events',
  `WITH batch AS MATERIALIZED (
     SELECT tenant, id, name, payload, emitted_at FROM events WHERE NOT routed ORDER BY id LIMIT ${ROUTE_LIMIT} FOR NO KEY UPDATE SKIP LOCKED),
   delivered AS (
     INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, version, status)
     SELECT b.tenant, b.id, 'start:' || t.workflow, t.workflow, t.version, 'pending'
     FROM batch b JOIN triggers t ON t.tenant = b.tenant AND t.event = b.name AND t.active
     ORDER BY b.id
     ON CONFLICT DO NOTHING
     RETURNING workflow),
   shapes AS MATERIALIZED (
     SELECT n.tenant, n.name, s.shape FROM (SELECT DISTINCT tenant, name FROM batch) AS n
     CROSS JOIN LATERAL (
       WITH RECURSIVE walk(shape) AS (
         (SELECT w.shape FROM event_waits w WHERE w.tenant = n.tenant AND w.event = n.name ORDER BY w.shape LIMIT 1)
         UNION ALL
         SELECT (SELECT w.shape FROM event_waits w WHERE w.tenant = n.tenant AND w.event = n.name AND w.shape > walk.shape ORDER BY w.shape LIMIT 1)
         FROM walk WHERE walk.shape IS NOT NULL)
       SELECT shape FROM walk WHERE shape IS NOT NULL) AS s),
   awaited AS (
     INSERT INTO event_deliveries (tenant, event_id, consumer, run_id, status)
     SELECT b.tenant, b.id, 'wait:' || w.id, w.run_id, 'pending'
     FROM batch b JOIN shapes s ON s.tenant = b.tenant AND s.name = b.name
     CROSS JOIN LATERAL (
       SELECT w.id, w.run_id FROM event_waits w
       WHERE w.tenant = b.tenant AND w.event = b.name AND w.shape = s.shape AND w.key = match_key(b.payload, s.shape) AND w.since <= b.emitted_at) AS w
     ORDER BY b.id, w.id
     ON CONFLICT DO NOTHING
     RETURNING 1),
   routed AS (
     UPDATE events e SET routed = true FROM batch b WHERE e.tenant = b.tenant AND e.id = b.id RETURNING 1)
   SELECT count(*)::int AS events, EXISTS (SELECT FROM awaited) AS "areAwaited", ARRAY(SELECT DISTINCT workflow FROM delivered) AS workflows FROM routed`,
);

export async function routeEvents(sql: Sql): Promise<Routed> {
  const [row] = (await sql.query(ROUTE_EVENTS, [])) as [Routed];
  return row;
}
