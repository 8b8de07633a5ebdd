/**
 * As `claim-runs-with-permits`, with weights and limits of tenants (`tenant_shares`); used while there are any, by whoever hosts what.
 *
 * A weight is a share of the turns: while several tenants have queued runs, one of weight 3 is given three runs for one of a tenant of
 * weight 1. When there is room for more than one round of all weights together, each gets so many whole rounds. When there is not, the walk ends
 * where the room does, and the next claim goes on there: first with what is left of the last tenant's turn (`left`), then behind it.
 *
 * A limit is how many runs of a tenant are at work at a time, of all workflows and queues. Whoever claims runs of such a tenant locks its
 * row, SKIP LOCKED, and raises its `turn`. The lock keeps two claims of one tenant apart; the turn keeps out the one whose snapshot is
 * older than the other's commit: its row is then not as its snapshot has it, and it leaves the tenant alone. So who claims has counted all
 * that are at work, or more, since runs may have ended meanwhile; nothing is kept that could leak. They are counted by the index of leases,
 * which has an entry for each run at work in the installation and for no other: some milliseconds per thousand.
 * A timer that is due puts a run of such a tenant into the queue, as of one under a cap; it is not leased at its start either. A run that is
 * to be canceled passes the limit only where it passes a cap.
 *
 * Locks: rows of tenant_shares, SKIP LOCKED; then as claim-runs-with-permits. Nobody who waits for anything is waited for by their holder,
 * but for permits, whose holders wait for none of these.
 */
import { statement } from '../sql.js';
import { cappedRuns } from './capped-runs.js';
import { DUE_RUNS } from './due-runs.js';
import { QUEUE_BY_TURNS, TENANT_AFTER } from './tenant-after.js';

const IS_LIMITED = 'EXISTS (SELECT FROM tenant_shares l WHERE l.tenant = runs.tenant AND l.at_work IS NOT NULL)';
const IS_PLAIN = `permit_key IS NULL AND NOT ${IS_LIMITED}`;

/** Rows beyond the room of their tenant are left alone; others have no room that could be too small. */
const within = (name: string, rows: string, before: string) => `all_${name} AS MATERIALIZED (${rows}),
${name} AS MATERIALIZED (
  SELECT one.* FROM (SELECT a.*, row_number() OVER (PARTITION BY a.tenant ORDER BY a.id) AS of_tenant FROM all_${name} a) AS one
  LEFT JOIN shares s ON s.tenant = one.tenant
  WHERE s.room IS NULL OR one.of_tenant + ${before} <= s.room)`;

const capped = cappedRuns({
  overdue: `(permit_key IS NOT NULL OR ${IS_LIMITED})`,
  within,
  hasRoom: ' AND coalesce((SELECT s.room FROM shares s WHERE s.tenant = g.tenant), 1) > 0',
});

/** What a tenant counts in the walk: its weight, or nothing when it has no room. */
const COUNTS = (tenant: string) => `
    SELECT CASE WHEN coalesce(s.room, 1) > 0 THEN coalesce(s.weight, 1) ELSE 0 END AS weight
    FROM (SELECT ${tenant} AS tenant) AS one LEFT JOIN rooms s USING (tenant)`;

const IN_QUEUE = (queue: string) => `status = 'queued' AND permit_key IS NULL AND queue = ${queue}`;

const QUEUED = `
  SELECT w.queue, one.tenant, one.id, one.due_at
  FROM (
    SELECT w.*, CASE WHEN w.rounds > 0 THEN w.part + w.whole * w.rounds ELSE greatest(0, least(w.weight, w.of_queue - (w.total - w.weight))) END AS share
    FROM (
      SELECT w.*, r.of_queue, CASE WHEN sum(weight) OVER () < r.most THEN (r.most - sum(part) OVER ()) / greatest(1, sum(whole) OVER ()) ELSE 0 END AS rounds
      FROM walk w CROSS JOIN queued_room r) AS w
    ORDER BY place, queue_place) AS w
  CROSS JOIN LATERAL (
    SELECT tenant, id, CASE WHEN due_at <= clock_timestamp() THEN due_at END AS due_at FROM runs
    WHERE ${IN_QUEUE('w.queue')} AND tenant = w.tenant AND needs = ANY($3::text[])
    ORDER BY priority DESC, id LIMIT least(w.share, (SELECT s.room FROM rooms s WHERE s.tenant = w.tenant)) FOR NO KEY UPDATE SKIP LOCKED) AS one
  LIMIT (SELECT most FROM queued_room)`;

export const CLAIM_RUNS_WITH_SHARES = statement(
  'claim-runs-with-shares',
  `
WITH RECURSIVE
locked AS MATERIALIZED (
  SELECT tenant, turn FROM tenant_shares WHERE at_work IS NOT NULL ORDER BY tenant FOR NO KEY UPDATE SKIP LOCKED),
at_work AS MATERIALIZED (
  SELECT tenant, count(*)::int AS runs FROM (SELECT tenant FROM runs WHERE status = 'running' AND EXISTS (SELECT FROM locked) ORDER BY worker) AS r
  WHERE tenant = ANY(ARRAY(SELECT tenant FROM locked)) GROUP BY tenant),
shares AS MATERIALIZED (
  SELECT s.tenant, s.weight, CASE WHEN s.at_work IS NOT NULL THEN CASE WHEN l.tenant IS NULL THEN 0 ELSE greatest(0, s.at_work - coalesce(w.runs, 0)) END END AS room,
    s.at_work IS NOT NULL AND l.tenant IS NULL AS is_unsure
  FROM tenant_shares s
  LEFT JOIN locked l ON l.tenant = s.tenant AND l.turn = s.turn
  LEFT JOIN at_work w ON w.tenant = s.tenant),
kinds AS MATERIALIZED (
  SELECT
    EXISTS (
      SELECT FROM unnest($2::text[]) AS q(name)
      CROSS JOIN LATERAL (
        SELECT FROM runs WHERE ${IN_QUEUE('q.name')} AND needs = ANY($3::text[])
        ORDER BY tenant, priority DESC, id LIMIT 1) AS one) AS queued,
    EXISTS (SELECT FROM (${DUE_RUNS(IS_PLAIN)} LIMIT 1) AS one) AS due),${capped.parts}
due_room AS MATERIALIZED (
  SELECT CASE WHEN NOT due THEN 0 WHEN NOT queued THEN left_over ELSE (left_over + $6::int % 2) / 2 END AS most
  FROM kinds, LATERAL (SELECT $4::int - ${capped.taken} AS left_over) AS l),
due AS (
  ${DUE_RUNS(IS_PLAIN)} LIMIT (SELECT most FROM due_room) FOR NO KEY UPDATE SKIP LOCKED),
queued_room AS MATERIALIZED (
  SELECT most, greatest(1, most / cardinality($2::text[])) AS of_queue
  FROM (SELECT ($4::int - ${capped.taken} - (SELECT count(*) FROM due))::int AS most) AS room),
rooms AS MATERIALIZED (
  SELECT s.tenant, s.weight, s.room - (SELECT count(*) FROM permitted p WHERE p.tenant = s.tenant)::int AS room FROM shares s),
walk AS (
  SELECT q.name AS queue, ${QUEUE_BY_TURNS} AS queue_place, first.tenant, first.is_round, own.whole, own.part, own.weight, own.weight AS total, 1 AS place
  FROM unnest($2::text[]) WITH ORDINALITY AS q(name, number)
  CROSS JOIN LATERAL (
    SELECT * FROM (
      (SELECT tenant, false AS is_round, $7::int AS turn_left FROM (
        SELECT tenant FROM runs WHERE ${IN_QUEUE('q.name')} AND tenant = $5 AND $7::int > 0 ORDER BY priority DESC, id LIMIT 1) goes_on)
      UNION ALL
      (SELECT tenant, false, NULL FROM (${TENANT_AFTER('q.name', '$5')}) behind)
      UNION ALL
      (SELECT tenant, true, NULL FROM (${TENANT_AFTER('q.name', "''")}) again)) AS either
    ORDER BY turn_left IS NULL, is_round LIMIT 1) AS first
  CROSS JOIN LATERAL (
    SELECT c.weight AS whole, least(c.weight, coalesce(first.turn_left, 0)) AS part, least(c.weight, coalesce(first.turn_left, c.weight)) AS weight
    FROM (${COUNTS('first.tenant')}) AS c) AS own
  UNION ALL
  SELECT w.queue, w.queue_place, next.tenant, next.is_round, own.weight, 0, own.weight, w.total + own.weight, w.place + 1
  FROM walk w
  CROSS JOIN LATERAL (
    SELECT * FROM (
      (SELECT tenant, w.is_round FROM (${TENANT_AFTER('w.queue', 'w.tenant')}) behind)
      UNION ALL
      (SELECT tenant, true FROM (${TENANT_AFTER('w.queue', "''")}) again WHERE NOT w.is_round)) AS either
    ORDER BY is_round LIMIT 1) AS next
  CROSS JOIN LATERAL (${COUNTS('next.tenant')}) AS own
  WHERE w.total < (SELECT of_queue FROM queued_room)
    AND (NOT next.is_round OR CASE WHEN $7::int > 0 THEN next.tenant < $5 ELSE next.tenant <= $5 END)),
${within('queued', QUEUED, '(SELECT count(*) FROM permitted p WHERE p.tenant = one.tenant)')},
claimable AS MATERIALIZED (
  SELECT tenant, id, due_at FROM queued UNION ALL SELECT * FROM due${capped.claimable}),
counted AS (
  UPDATE tenant_shares s SET turn = s.turn + 1
  WHERE s.tenant = ANY(ARRAY(SELECT l.tenant FROM locked l JOIN claimable c ON c.tenant = l.tenant))),
claimed AS (
  UPDATE runs r
  SET status = 'running', worker = $1, epoch = r.epoch + 1, due_at = NULL, wait_reasons = '{}'
  WHERE r.tenant = ANY(ARRAY(SELECT tenant FROM claimable)) AND r.id = ANY(ARRAY(SELECT id FROM claimable))
  RETURNING r.tenant, r.id, r.workflow, r.version, r.queue, r.epoch, r.attention, r.last_seq, r.lineage_root, r.actor, r.parent_run),
last AS (
  SELECT w.tenant, CASE WHEN (SELECT sum(weight) FROM walk) < r.most THEN 0 ELSE w.total - r.of_queue END AS turn_left
  FROM walk w CROSS JOIN queued_room r
  WHERE r.most > 0 AND w.total >= r.of_queue ORDER BY w.queue_place, w.total DESC, w.place DESC LIMIT 1),
rest AS (
  SELECT
    EXISTS (SELECT FROM last)
    OR (SELECT queued FROM kinds) AND (SELECT most FROM queued_room) = 0
    OR EXISTS (SELECT FROM walk w JOIN shares s ON s.tenant = w.tenant WHERE s.is_unsure)
    OR EXISTS (
      SELECT FROM walk w
      CROSS JOIN LATERAL (SELECT count(*) AS runs FROM queued t WHERE t.queue = w.queue AND t.tenant = w.tenant) AS t
      LEFT JOIN rooms s ON s.tenant = w.tenant
      WHERE t.runs < coalesce(s.room, $4::int) AND t.runs < (
        SELECT count(*) FROM (
          SELECT FROM runs WHERE ${IN_QUEUE('w.queue')} AND tenant = w.tenant AND needs = ANY($3::text[])
          ORDER BY priority DESC, id LIMIT t.runs + 1) AS found))
    OR (SELECT due FROM kinds) AND (SELECT count(*) FROM due) >= (SELECT most FROM due_room)${capped.hasRest} AS has_rest,
    CASE (SELECT most FROM queued_room) WHEN 0 THEN nullif($5, '') ELSE (SELECT tenant FROM last) END AS walked_to,
    CASE (SELECT most FROM queued_room) WHEN 0 THEN $7::int ELSE coalesce((SELECT turn_left FROM last), 0) END AS "left")
SELECT claimed.*, claimable.due_at${capped.columns}, rest.has_rest, rest.walked_to, rest."left"
FROM rest LEFT JOIN claimed ON true LEFT JOIN claimable USING (tenant, id)`,
);
