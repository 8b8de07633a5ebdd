/** G4: no event is lost, none is applied twice by one consumer. */
import { type Check, ENDED, OWN_FACTS } from '../check.js';

/**
 * What a wait is found by when an event fits it: the hash of the values of the fields that it asks for. In words of its own: the function
 * of the database that the product asks is one of the things that are audited.
 */
const KEY_OF = (payload: string, shape: string) => `CASE WHEN cardinality(${shape}) = 0 THEN ''
  WHEN jsonb_typeof(${payload}) = 'object' AND NOT EXISTS (SELECT FROM unnest(${shape}) field WHERE ${payload} -> field IS NULL)
  THEN md5((SELECT '[' || string_agg((${payload} -> field)::text, ', ' ORDER BY place) || ']' FROM unnest(${shape}) WITH ORDINALITY AS f(field, place))) END`;

export const EVENTS: readonly Check[] = [
  {
    guarantee: 'G4',
    sentence: 'each event that a run says it has emitted is there, and each event of a run has the fact of its journal that it came with',
    sql: `SELECT coalesce(f.tenant, e.tenant) AS tenant, f.run_id, f.event, e.id FROM
        (SELECT tenant, run_id, (payload ->> 'eventId')::uuid AS event FROM ${OWN_FACTS} o WHERE type = 'event.emitted' AND payload IS NOT NULL AND run_id >= $whole) f
      FULL JOIN (SELECT * FROM events WHERE source_run >= $since AND source_run >= $whole) e ON e.tenant = f.tenant AND e.id = f.event AND e.source_run = f.run_id
      WHERE e.id IS NULL AND f.event >= $whole
        OR f.event IS NULL AND EXISTS (SELECT FROM runs r WHERE r.tenant = e.tenant AND r.id = e.source_run)
          AND NOT EXISTS (SELECT FROM journal j WHERE j.tenant = e.tenant AND j.run_id = e.source_run AND j.path = e.source_path
            AND (j.type IN ('step.completed', 'task.escalated') OR j.type = 'event.emitted' AND (j.payload IS NULL OR j.payload ->> 'eventId' = e.id::text)))`,
  },
  {
    guarantee: 'G4',
    sentence: 'each delivery that started a run has that run, and each run of an event its delivery',
    sql: `SELECT coalesce(d.tenant, r.tenant) AS tenant, d.event_id, d.consumer, d.run_id, r.id AS run FROM
        (SELECT * FROM event_deliveries WHERE status = 'started' AND event_id >= $since AND event_id >= $whole) d
      FULL JOIN (SELECT * FROM runs WHERE started_by = 'event' AND retry_of IS NULL AND cause_event >= $since AND cause_event >= $whole) r
        ON r.tenant = d.tenant AND r.id = d.run_id AND r.cause_event = d.event_id
      WHERE d.event_id IS NULL OR r.id IS NULL`,
  },
  {
    guarantee: 'G4',
    sentence: 'a run takes an event once, unless it was opened again in between',
    sql: `SELECT tenant, run_id, payload ->> 'eventId' AS event, count(*) FROM ${OWN_FACTS} f
      WHERE type = 'event.consumed' AND payload IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  },
  {
    guarantee: 'G4',
    sentence: 'events are routed',
    when: 'at-work',
    sql: 'SELECT tenant, id, name, emitted_at FROM events WHERE NOT routed AND emitted_at < $late',
  },
  {
    guarantee: 'G4',
    sentence: 'a run that listens is told',
    when: 'at-work',
    sql: `SELECT d.tenant, d.event_id, d.consumer, d.attempts FROM event_deliveries d
      WHERE d.status = 'pending' AND d.workflow IS NULL AND d.next_attempt_at < $late`,
  },
  {
    guarantee: 'G4',
    sentence: 'a wait that was looked after knows each event that fits it, also one that came before it',
    sql: `SELECT w.tenant, w.run_id, w.event, e.id FROM event_waits w JOIN events e ON e.tenant = w.tenant AND e.name = w.event
        AND e.emitted_at >= w.since AND e.emitted_at < $late AND w.key = ${KEY_OF('e.payload', 'w.shape')}
      WHERE w.looked_up AND e.routed AND NOT EXISTS (SELECT FROM event_deliveries d WHERE d.tenant = w.tenant AND d.event_id = e.id
        AND (d.consumer = 'wait:' || w.id OR d.run_id = w.run_id AND d.status = 'woke'))`,
  },
  {
    guarantee: 'G4',
    sentence: 'what listens belongs to a run that lives',
    sql: `SELECT w.tenant, w.run_id, w.event FROM event_waits w WHERE NOT EXISTS (
      SELECT FROM runs r WHERE r.tenant = w.tenant AND r.id = w.run_id AND r.status NOT IN ${ENDED})`,
  },
  {
    guarantee: 'G4',
    sentence: 'at rest: no event waits to be routed, no delivery to be decided',
    when: 'at-rest',
    sql: `SELECT tenant, id AS event, NULL AS consumer FROM events WHERE NOT routed
      UNION ALL SELECT tenant, event_id, consumer FROM event_deliveries WHERE status = 'pending'`,
  },
];
