/** What the campaign knows of its own work, and the auditor of the product cannot: rows of the author's own, and what each run comes to. Plain SQL. */
import { MOST_ALIVE, MOST_LEASES } from '../engine/lease-log.js';
import { LOAD_CHECKS } from './load/load-checks.js';
import { mixedTotal } from './workflows/mixed-total.js';

export interface OwnCheck {
  readonly sentence: string;
  /** Each row contradicts it. */
  readonly sql: string;
  /** True also while everything is at work. */
  readonly isLive?: true;
}

/** By workflow: how its runs end. `poison` ends as each harm does, and is looked at by itself. */
const ENDS = `CASE workflow WHEN 'lasting' THEN 'canceled' WHEN 'withdrawn' THEN 'canceled' WHEN 'failing' THEN CASE WHEN retry_of IS NULL THEN 'failed' ELSE 'completed' END ELSE 'completed' END`;
/** Of a key of `capped`. */
export const PLACES = 3;
const output = (run: string, path: string) => `(SELECT payload -> 'output' FROM journal j WHERE j.run_id = ${run} AND j.type = 'step.completed' AND j.path = '${path}')`; // prettier-ignore

export const OWN_CHECKS: readonly OwnCheck[] = [
  ...LOAD_CHECKS,
  {
    sentence: 'each run that does harm has failed, or was put aside when it ends processes; a key __proto__ is like any other',
    sql: `SELECT r.id, s.payload -> 'input' ->> 'harm' AS harm, r.status, r.wait_reasons, r.error_code FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1
      WHERE r.workflow = 'poison' AND CASE WHEN s.payload -> 'input' ->> 'harm' IN ('exit', 'memory') THEN NOT (r.status = 'waiting' AND r.wait_reasons = '{incident}')
        WHEN s.payload -> 'input' ->> 'harm' = 'prototype' THEN r.status <> 'completed' ELSE r.status <> 'failed' END`,
  },
  {
    sentence: 'who came too late to decide was given a decision',
    sql: `SELECT o.op, o.result FROM operations o JOIN tasks t ON t.id = (o.about ->> 'task')::uuid
      WHERE o.kind = 'decide' AND o.result ->> 'code' = 'TASK_CLOSED' AND t.status = 'completed' AND coalesce(o.result -> 'answer', 'null') = 'null'`,
  },
  {
    sentence: 'each run has ended, as its workflow has it end',
    // Who races a cancel with its own first step may be canceled before anything is reserved; whose cancel was never acknowledged lives.
    sql: `SELECT id, workflow, status, wait_reasons, error_code, error_message FROM runs
      WHERE workflow <> 'poison' AND status <> ${ENDS} AND NOT (workflow IN ('lasting', 'mixed', 'called', 'signaled', 'review', 'awaiting', 'withdrawn', 'panel', 'overdue') AND status = 'waiting')`,
  },
  {
    sentence: 'what had ended is as it was',
    isLive: true,
    sql: `SELECT e.run_id, e.status AS was, r.status AS is FROM faults.ended e LEFT JOIN runs r ON r.id = e.run_id
      WHERE (e.status, e.ended_at) IS DISTINCT FROM (r.status, r.ended_at)`,
  },
  {
    sentence: 'never more runs of a key were at work at a time than its cap has places, as their leases were granted',
    isLive: true,
    sql: `SELECT * FROM (${MOST_LEASES}) m WHERE split_part(gate, '/', 2) = 'capped' AND most > ${PLACES}`,
  },
  {
    sentence: 'never two runs of one singleton were alive at a time',
    isLive: true,
    sql: `SELECT * FROM (${MOST_ALIVE}) m WHERE split_part(gate, '/', 2) = 'single' AND most > 1`,
  },
  {
    sentence: 'no mixed run waits for an event that has come',
    sql: `SELECT r.id FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1 JOIN events e ON e.tenant = r.tenant AND e.name = 'faults.go' AND e.payload ->> 'op' = s.payload -> 'input' ->> 'op'
      WHERE r.workflow = 'mixed' AND r.status = 'waiting'`,
  },
  {
    sentence: 'no called run waits for an event that has come',
    sql: `SELECT r.id FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1
      WHERE r.workflow = 'called' AND r.status = 'waiting' AND (SELECT count(*) FROM events e WHERE e.name = 'faults.call'
        AND e.payload ->> 'op' = coalesce(s.payload -> 'input' ->> 'group', s.payload -> 'input' ->> 'op')) = 2`,
  },
  {
    sentence: 'of a year there is one slot for each night, also where the clock went back or forth',
    isLive: true,
    sql: `SELECT n.tenant, night, count(s.due_at) FROM (SELECT tenant, generate_series((rule_since AT TIME ZONE 'Europe/Berlin' + interval '21.5 hours')::date, settled_until AT TIME ZONE 'Europe/Berlin' - interval '2.5 hours', '1 day')::date AS night
        FROM schedules WHERE id = 'nightly') n
      LEFT JOIN slots s ON s.tenant = n.tenant AND s.schedule = 'nightly' AND (s.due_at AT TIME ZONE 'Europe/Berlin')::date = n.night GROUP BY n.tenant, night HAVING count(s.due_at) <> 1`,
  },
  { sentence: 'each booking was written once', isLive: true, sql: 'SELECT * FROM faults.bookings WHERE revision <> 1' },
  {
    sentence: 'a booking is there if and only if its step has completed, with the same values',
    isLive: true,
    // What was booked on another queue is told to the run by the same transaction, which writes the fact when it has read that.
    sql: `SELECT coalesce(b.run_id, j.run_id) AS run, b.step, b.total, j.path, j.payload FROM faults.bookings b
      FULL JOIN (SELECT run_id, path, regexp_replace(path, '^.*/', '') AS step, payload FROM journal
        WHERE type = 'step.completed' AND regexp_replace(path, '^.*/', '') IN ('book', 'reserve', 'undo')) j
        ON j.run_id = b.run_id AND replace(j.step, 'undo', 'unbook') = b.step
      WHERE b.run_id IS NULL OR j.run_id IS NULL AND NOT EXISTS (SELECT FROM runs r WHERE r.id = b.run_id AND r.workflow = 'elsewhere' AND r.ended_at IS NULL)
        OR j.run_id IS NOT NULL AND (j.payload -> 'output' ->> 'total')::int IS DISTINCT FROM b.total`,
  },
  {
    sentence: 'a booking and the fact of its step came by one transaction, unless that was done on another queue',
    isLive: true,
    sql: `SELECT b.run_id, b.step, b.tx, j.tx AS fact FROM (SELECT run_id, step, xmin::text AS tx FROM faults.bookings WHERE revision = 1) b
      JOIN (SELECT run_id, regexp_replace(path, '^.*/', '') AS step, xmin::text AS tx FROM journal
        WHERE type = 'step.completed' AND regexp_replace(path, '^.*/', '') IN ('book', 'reserve', 'undo')) j
        ON j.run_id = b.run_id AND replace(j.step, 'undo', 'unbook') = b.step
      WHERE b.tx <> j.tx AND NOT EXISTS (SELECT FROM runs r WHERE r.id = b.run_id AND r.workflow = 'elsewhere')`,
  },
  {
    sentence: 'each run that lives is of a version that a living worker takes: all of them are of the newest build by now',
    sql: `SELECT r.id, r.workflow, r.version, r.status, r.wait_reasons FROM runs r WHERE r.status NOT IN ('completed', 'failed', 'canceled')
      AND NOT EXISTS (SELECT FROM workers w WHERE w.ended_at IS NULL AND w.expires_at > clock_timestamp() AND r.queue = ANY(w.queues) AND r.workflow || '@' || r.version = ANY(w.hosts))`,
  },
  {
    sentence: 'what a canceled run had reserved was given back, once',
    sql: `SELECT r.id FROM runs r WHERE r.workflow IN ('lasting', 'withdrawn') AND r.status = 'canceled'
      AND (SELECT count(*) FROM faults.bookings b WHERE b.run_id = r.id AND b.step = 'reserve') <> (SELECT count(*) FROM faults.bookings b WHERE b.run_id = r.id AND b.step = 'unbook')`,
  },
  {
    sentence: 'each entry came to twice its weight, and announced it once',
    sql: `SELECT r.id, e.n FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1
      LEFT JOIN (SELECT source_run, count(*) AS n, min(payload ->> 'total')::int AS total FROM events WHERE name = 'faults.booked' GROUP BY 1) e ON e.source_run = r.id
      WHERE r.workflow = 'ledger' AND r.status = 'completed' AND (e.n IS DISTINCT FROM 1 OR e.total <> 2 * (s.payload -> 'input' ->> 'weight')::int)`,
  },
  {
    sentence: 'one entry in four, and no other, was looked at by another run, once',
    sql: `SELECT e.id, e.payload, count(r.id) FROM events e LEFT JOIN runs r ON r.workflow = 'auditing' AND r.cause_event = e.id
      WHERE e.name = 'faults.booked' GROUP BY e.id, e.payload HAVING count(r.id) <> CASE WHEN (min(e.payload ->> 'total'))::int % 8 = 0 THEN 1 ELSE 0 END`,
  },
  {
    sentence: 'each mixed run came to the sum that its parts come to',
    sql: `SELECT id, ${output('id', 'total')} AS total FROM runs WHERE workflow = 'mixed' AND status = 'completed' AND ${output('id', 'total')} IS DISTINCT FROM to_jsonb(${mixedTotal(11)})`,
  },
  {
    sentence: 'each paced run came to the sum that its items come to',
    sql: `SELECT id, ${output('id', 'sum')} AS sum FROM runs WHERE workflow = 'paced' AND status = 'completed' AND ${output('id', 'sum')} IS DISTINCT FROM to_jsonb(13)`,
  },
];
