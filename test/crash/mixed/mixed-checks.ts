/** What the auditor asks of the mixed runs, their children and their events. */
import type { Check } from '../check.js';

export const MIXED: readonly Check[] = [
  {
    check: 'mixed: each run was started, once',
    sql: `SELECT m.id, count(k.run_id) AS runs FROM crash_test.mixed m LEFT JOIN run_keys k ON k.workflow = 'mixed' AND k.key = m.id
      LEFT JOIN runs r ON r.id = k.run_id GROUP BY m.id HAVING count(r.id) <> 1`,
  },
  {
    check: 'mixed: each run ended as its event says, with the sum that its items come to',
    sql: `SELECT m.id, m.stops, r.status, j.payload -> 'output' AS total FROM crash_test.mixed m
      JOIN run_keys k ON k.workflow = 'mixed' AND k.key = m.id JOIN runs r ON r.id = k.run_id
      LEFT JOIN journal j ON j.run_id = r.id AND j.type = 'step.completed' AND j.path = 'total'
      WHERE r.status <> CASE WHEN m.stops THEN 'canceled' ELSE 'completed' END
        OR (j.payload -> 'output')::int IS DISTINCT FROM CASE WHEN NOT m.stops THEN m.items * (m.items - 1) + m.weight END`,
  },
  {
    check: 'mixed: each run that was to go took its own event, once, and announced its end once',
    sql: `SELECT m.id, j.event_id, d.done FROM crash_test.mixed m JOIN run_keys k ON k.workflow = 'mixed' AND k.key = m.id
      LEFT JOIN (SELECT run_id, min(payload ->> 'eventId')::uuid AS event_id, count(*) AS taken FROM journal WHERE type = 'event.consumed' GROUP BY 1) j
        ON j.run_id = k.run_id
      LEFT JOIN (SELECT payload ->> 'id' AS id, count(*) AS done FROM events WHERE name = 'mixed.done' GROUP BY 1) d ON d.id = m.id
      WHERE (j.event_id, j.taken, d.done) IS DISTINCT FROM
        (CASE WHEN NOT m.stops THEN m.event_id END, CASE WHEN NOT m.stops THEN 1::bigint END, CASE WHEN NOT m.stops THEN 1::bigint END)`,
  },
  {
    check: 'children: each has one fact that started it, and each such fact one child',
    sql: `SELECT j.run_id AS parent, r.id AS child FROM (SELECT run_id, (payload ->> 'childId')::uuid AS child FROM journal WHERE type = 'child.started') j
      FULL JOIN (SELECT * FROM runs WHERE started_by = 'parent') r ON r.id = j.child AND r.cause_run = j.run_id
      WHERE j.child IS NULL OR r.id IS NULL`,
  },
  {
    check: 'children: each that was awaited told its parent of its end, unless that had ended before',
    sql: `SELECT r.id, r.status, p.status AS parent FROM runs r JOIN runs p ON p.id = r.parent_run
      LEFT JOIN journal j ON j.run_id = p.id AND j.type = 'child.ended' AND j.payload ->> 'childId' = r.id::text
      WHERE p.status = 'completed' AND j.run_id IS NULL OR r.status = 'canceled' AND p.status <> 'canceled'`,
  },
  { check: 'no message between runs is left undelivered', sql: 'SELECT run_id, kind FROM outbox' },
  {
    check: 'no run listens that has ended',
    sql: `SELECT w.run_id, w.event, r.status FROM event_waits w LEFT JOIN runs r ON r.id = w.run_id WHERE r.id IS NULL OR r.status IN ('completed', 'failed', 'canceled')`,
  },
  {
    check: 'no event that a run was told of is still to be delivered',
    sql: "SELECT event_id, consumer FROM event_deliveries WHERE consumer LIKE 'wait:%' AND status = 'pending'",
  },
];
