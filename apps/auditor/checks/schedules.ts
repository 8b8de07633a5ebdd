/**
 * G6: each slot of each schedule fires exactly once, or is recorded as skipped. That it is recorded once is the table's key. A run that somebody started
 * out of turn belongs to its schedule, but to none of its slots. Slots of before a change of a schedule came by other times than it has now.
 */
import type { Check } from '../check.js';

/** Those that did not fire have no run to tell since when they are. */
const IS_SINCE = 'uuid_floor(s.settled_at) >= $since';

/**
 * Seconds between two slots, of an expression that has them at even distances whatever its zone does: clocks are put back and forth by half
 * hours. Null of all others.
 */
const EVERY = `CASE WHEN h.cron ~ '^\\s*\\*(/\\d+)?(\\s+\\*){5}\\s*$' AND 60 % STEP = 0 THEN STEP
  WHEN h.cron ~ '^\\s*(0\\s+)?\\*(/\\d+)?(\\s+\\*){4}\\s*$' AND 30 % STEP = 0 THEN 60 * STEP END`.replaceAll(
  'STEP',
  "coalesce(nullif(substring(h.cron FROM '\\*/(\\d+)'), '0'), '1')::int",
);

/** Hour and minute of an expression that has one time on every day. Null of all others. */
const DAILY = `regexp_match(h.cron, '^\\s*(?:0\\s+)?(\\d+)\\s+(\\d+)(?:\\s+\\*){3}\\s*$')`;

export const SCHEDULES: readonly Check[] = [
  {
    guarantee: 'G6',
    sentence: 'each slot that fired has its run, and each run of a schedule its slot',
    sql: `SELECT coalesce(s.tenant, r.tenant) AS tenant, s.schedule, s.due_at, s.run_id, r.id AS run FROM
        (SELECT * FROM slots WHERE outcome = 'fired' AND run_id >= $since AND run_id >= $whole) s
      FULL JOIN (SELECT * FROM runs WHERE started_by = 'schedule' AND actor IS NULL AND retry_of IS NULL AND id >= $since AND id >= $whole) r ON r.tenant = s.tenant AND r.id = s.run_id
      WHERE s.run_id IS NULL OR r.id IS NULL`,
  },
  {
    guarantee: 'G6',
    sentence: 'no run was started by two slots',
    sql: `SELECT tenant, run_id, count(*) FROM slots WHERE outcome = 'fired' AND run_id >= $since GROUP BY tenant, run_id HAVING count(*) > 1`,
  },
  {
    guarantee: 'G6',
    sentence: 'a fixed time of the day comes once on each day of its zone, also when the clock goes back',
    sql: `SELECT s.tenant, s.schedule, s.due_at AT TIME ZONE h.zone AS at, count(*) FROM slots s
      JOIN schedules h ON h.tenant = s.tenant AND h.id = s.schedule AND h.cron ~ '^\\s*(\\d+\\s+){2,3}\\S+\\s+\\S+\\s+\\S+\\s*$'
      WHERE s.due_at >= h.rule_since AND ${IS_SINCE} GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  },
  {
    guarantee: 'G6',
    sentence: 'a schedule with even distances has a slot at each of them, fired or skipped, up to where it is settled (of the last day)',
    // Retention takes none that is so young. One row may speak for more than there are rows for.
    sql: `SELECT tenant, schedule, due_at AS after, next AS until, every FROM (
        SELECT *, lead(due_at) OVER slots AS next, lead(reason) OVER slots AS says, lead(is_mark) OVER slots AS is_last FROM (
          SELECT h.tenant, h.id AS schedule, s.due_at, s.reason, h.every * interval '1 second' AS every, s.is_mark FROM (
            SELECT *, ${EVERY} AS every FROM schedules h) h
          CROSS JOIN LATERAL (
            SELECT due_at, reason, false AS is_mark FROM slots s WHERE s.tenant = h.tenant AND s.schedule = h.id AND s.due_at <= h.settled_until
            UNION ALL SELECT h.settled_until, NULL, true) s
          WHERE h.every IS NOT NULL AND s.due_at > now() - interval '1 day' AND s.due_at >= h.rule_since AND uuid_floor(s.due_at) >= $since) due
        WINDOW slots AS (PARTITION BY tenant, schedule ORDER BY due_at, is_mark)) followed
      WHERE NOT is_mark AND next - due_at >= CASE WHEN is_last THEN 1 ELSE 1.5 END * every AND coalesce(says, '') !~ 'as were .* slots before it'`,
  },
  {
    guarantee: 'G6',
    sentence: 'a fixed time of every day has a slot on the last day of its zone, fired or skipped',
    // Retention takes none that is so young. An hour, by which clocks are put forth, later than it is due at the latest. One row may speak for more than there are rows for.
    sql: `SELECT h.tenant, h.id AS schedule, due.at AS missing FROM (SELECT *, greatest(h.rule_since, now() - interval '26 hours') AS since, ${DAILY} AS daily FROM schedules h) h
      CROSS JOIN LATERAL generate_series(date_trunc('day', h.since AT TIME ZONE h.zone), h.settled_until AT TIME ZONE h.zone, '1 day') AS day
      CROSS JOIN LATERAL (SELECT (day + make_interval(hours => h.daily[2]::int, mins => h.daily[1]::int)) AT TIME ZONE h.zone AS at) due
      WHERE h.daily IS NOT NULL AND due.at > h.since AND due.at + interval '1 hour' <= h.settled_until AND uuid_floor(due.at) >= $since
        AND NOT EXISTS (SELECT FROM slots s WHERE s.tenant = h.tenant AND s.schedule = h.id
          AND ((s.due_at AT TIME ZONE h.zone)::date = day::date OR s.due_at > due.at AND s.reason ~ 'as were .* slots before it'))`,
  },
  {
    guarantee: 'G6',
    sentence: 'a slot that did not fire says why',
    sql: `SELECT s.tenant, s.schedule, s.due_at FROM slots s WHERE s.outcome = 'skipped' AND coalesce(s.reason, '') = '' AND ${IS_SINCE}`,
  },
];
