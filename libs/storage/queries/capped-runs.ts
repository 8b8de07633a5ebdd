/**
 * The part of `claim-runs-with-permits` that claims runs under a cap. Runs of one tenant, workflow and key stand at one gate.
 *
 * A permit is a row numbered within its gate, and the primary key is the cap: two claims that see the same place take the same number, and
 * one of them gets it. No lock is needed for that, and no row is left over for a place that is free. Each claim takes the lowest free
 * numbers, as many as the capacity less all that are held. So a number n was taken only when n, and the permits above n, were within the
 * capacity; and permits above the highest number within the capacity only grow fewer. Hence never more than the capacity are held, also
 * when it was lowered while higher numbers were held (those go on to their end, and count).
 *
 * Locks: runs first, SKIP LOCKED; then the new permits, in the order of their key: a claim that takes the same number at this moment is
 * waited for, and has it. Nobody who holds a permit's lock waits for a run. A permit is freed under its run's lock by the trigger
 * `runs_permit`, in the commit that takes the run out of `running`.
 * The walk goes over the gates with queued runs, two looks each; those with room, and with a run that this worker can advance, come first
 * by turns of their tenants, in no fixed order otherwise: with less room than gates each gets its turn. A timer that is due puts a capped run in the queue.
 *
 * Of the places that the worker has for runs under a cap, those have the first that hold the permit of a singleton and go on; of the rest
 * runs that are to be canceled have up to a half, and what the others leave.
 *
 * A queued run that is to be canceled needs no place: it is claimed without a permit, only to end. The mark is set with the message, under
 * the run's lock, and stays; the message is unread or in the journal as a cancel, and of a run with a cancel nothing begins (`decide`) but
 * what comes before its end: undos, finallys, scopes. One that has such things to do writes down that it is ending, and needs a permit from
 * then on as others do, until a forced cancel comes. Its journal is looked through by a subselect: a join would be planned over all journals.
 */
import { DUE_RUNS } from './due-runs.js';

const GATE = (queue: string) => `status = 'queued' AND permit_key IS NOT NULL AND queue = ${queue}`;
/** The whole order of the index: see claim-runs. */
const ORDER = 'tenant, workflow, permit_key, priority DESC, id';

/** What the limits of tenants change: see claim-runs-with-shares. Without them each is as it stands here. */
export interface Limits {
  /** Runs whose timer puts them in the queue. */
  readonly overdue: string;
  /**
   * A part of the statement that has those rows for which their tenant has room.
   *
   * @param rows a SELECT of runs, with their `tenant`
   * @param before SQL: how many a tenant has had by now, `one.tenant`
   */
  readonly within: (name: string, rows: string, before: string) => string;
  /** And that the tenant of `g` has room. */
  readonly hasRoom: string;
}

const NO_LIMITS: Limits = {
  overdue: 'permit_key IS NOT NULL',
  within: (name, rows) => `${name} AS MATERIALIZED (${rows})`,
  hasRoom: '',
};

const HOLDING = `
  SELECT held.tenant, held.id, held.due_at
  FROM gates g
  JOIN permits p ON p.tenant = g.tenant AND p.workflow = g.workflow AND p.key = g.permit_key AND p.held_until = 'end'
  CROSS JOIN LATERAL (
    SELECT tenant, id, due_at FROM runs WHERE tenant = p.tenant AND id = p.run_id AND ${GATE('g.queue')} AND needs = ANY($3::text[])
    FOR NO KEY UPDATE SKIP LOCKED) AS held
  LIMIT (SELECT most FROM capped_room)`;

const PICKED = `
  SELECT s.queue, s.tenant, s.workflow, s.permit_key, s.held_until, one.id, one.due_at, n.number
  FROM shared s
  CROSS JOIN LATERAL (
    SELECT o.*, row_number() OVER (ORDER BY o.priority DESC, o.id) AS nth FROM (
      SELECT id, priority, due_at FROM runs
      WHERE ${GATE('s.queue')} AND tenant = s.tenant AND workflow = s.workflow AND permit_key = s.permit_key AND needs = ANY($3::text[])
      ORDER BY priority DESC, id LIMIT s.share FOR NO KEY UPDATE SKIP LOCKED) AS o) AS one
  JOIN LATERAL (
    SELECT f.number, row_number() OVER (ORDER BY f.number) AS nth FROM (
      SELECT i AS number FROM generate_series(1, s.held + s.share) AS i
      WHERE NOT EXISTS (
        SELECT FROM permits p WHERE p.tenant = s.tenant AND p.workflow = s.workflow AND p.key = s.permit_key AND p.number = i)) AS f) AS n
  ON n.nth = one.nth`;

const parts = ({ overdue, within, hasRoom }: Limits) => `
overdue AS (
  ${DUE_RUNS(overdue)} LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED),
rung AS (
  UPDATE runs r SET status = 'queued'
  WHERE r.tenant = ANY(ARRAY(SELECT tenant FROM overdue)) AND r.id = ANY(ARRAY(SELECT id FROM overdue))
  RETURNING r.id),
gates AS (
  SELECT q.name AS queue, first.*
  FROM unnest($2::text[]) AS q(name)
  CROSS JOIN LATERAL (
    SELECT tenant, workflow, permit_key FROM runs WHERE ${GATE('q.name')} ORDER BY ${ORDER} LIMIT 1) AS first
  UNION ALL
  SELECT g.queue, next.*
  FROM gates g
  CROSS JOIN LATERAL (
    SELECT tenant, workflow, permit_key FROM runs
    WHERE ${GATE('g.queue')} AND (tenant, workflow, permit_key) > (g.tenant, g.workflow, g.permit_key)
    ORDER BY ${ORDER} LIMIT 1) AS next),
capped_room AS MATERIALIZED (
  SELECT CASE
      WHEN NOT EXISTS (SELECT FROM gates) THEN 0
      ELSE ($4::int + $6::int % kinds) / kinds END AS most
  FROM (SELECT 1 + queued::int + due::int AS kinds FROM kinds) AS k),
${within('holding', HOLDING, '0')},
canceled AS MATERIALIZED (
  SELECT tenant, id FROM runs
  WHERE status = 'queued' AND permit_key IS NOT NULL AND cancel_requested_at IS NOT NULL AND queue = ANY($2::text[]) AND needs = ANY($3::text[])
    AND ((SELECT true FROM journal j WHERE j.tenant = runs.tenant AND j.run_id = runs.id AND j.type = 'ending.began' LIMIT 1) IS NULL
      OR (SELECT true FROM inbox i WHERE i.tenant = runs.tenant AND i.run_id = runs.id AND i.dedupe_key = 'forced-cancel') IS NOT NULL)
  ORDER BY queue, id LIMIT (SELECT most FROM capped_room) FOR NO KEY UPDATE SKIP LOCKED),
permit_room AS MATERIALIZED (
  SELECT left_over - least((SELECT count(*) FROM canceled), (left_over + $6::int % 2) / 2)::int AS most
  FROM (SELECT most - (SELECT count(*) FROM holding)::int AS left_over FROM capped_room) AS l),
roomy AS MATERIALIZED (
  SELECT g.*, h.held, coalesce(c.capacity - h.held, $4) AS room, coalesce(c.held_until, 'wait') AS held_until,
    row_number() OVER (PARTITION BY g.tenant ORDER BY random()) AS turn
  FROM gates g
  LEFT JOIN caps c ON c.workflow = g.workflow
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS held FROM permits p WHERE p.tenant = g.tenant AND p.workflow = g.workflow AND p.key = g.permit_key) AS h
  CROSS JOIN LATERAL (
    SELECT FROM runs
    WHERE ${GATE('g.queue')} AND tenant = g.tenant AND workflow = g.workflow AND permit_key = g.permit_key AND needs = ANY($3::text[])
    ORDER BY priority DESC, id LIMIT 1) AS advanceable
  WHERE (c.capacity IS NULL OR h.held < c.capacity)${hasRoom}),
shared AS MATERIALIZED (
  SELECT r.*, least(r.room, greatest(1, (SELECT most FROM permit_room) / count(*) OVER ())) AS share FROM roomy r
  ORDER BY r.turn, random() LIMIT (SELECT most FROM permit_room)),
${within('picked', PICKED, '(SELECT count(*) FROM holding h WHERE h.tenant = one.tenant)')},
taken AS (
  INSERT INTO permits (tenant, workflow, key, number, run_id, held_until)
  SELECT tenant, workflow, permit_key, number, id, held_until FROM picked ORDER BY tenant, workflow, permit_key, number
  ON CONFLICT DO NOTHING
  RETURNING tenant, run_id),
permitted AS MATERIALIZED (
  SELECT p.tenant, p.id, p.due_at FROM picked p JOIN taken t ON t.tenant = p.tenant AND t.run_id = p.id
  UNION ALL
  SELECT tenant, id, due_at FROM holding),
ending AS MATERIALIZED (
  SELECT tenant, id FROM canceled c WHERE NOT EXISTS (SELECT FROM permitted p WHERE p.tenant = c.tenant AND p.id = c.id)
  LIMIT (SELECT most FROM capped_room) - (SELECT count(*) FROM permitted)),`;

const TAKEN = '(SELECT (SELECT count(*) FROM permitted) + (SELECT count(*) FROM ending))::int';

const CLAIMABLE = `
  UNION ALL
  SELECT tenant, id, CASE WHEN due_at <= clock_timestamp() THEN due_at END FROM permitted
  UNION ALL
  SELECT tenant, id, NULL FROM ending`;

const COLUMNS = `, EXISTS (SELECT FROM ending e WHERE e.tenant = claimed.tenant AND e.id = claimed.id) AS only_ends`;

// A place that another claim took at this moment, or a gate that was not come to: the next claim sees more.
const HAS_REST = `
    OR EXISTS (SELECT FROM rung)
    OR EXISTS (SELECT FROM gates) AND (SELECT count(*) FROM holding) + (SELECT count(*) FROM canceled) >= (SELECT most FROM capped_room)
    OR (SELECT count(*) FROM ending) < (SELECT count(*) FROM canceled)
    OR (SELECT count(*) FROM shared) < (SELECT count(*) FROM roomy)
    OR (SELECT count(*) FROM taken) < (SELECT count(*) FROM picked)
    OR EXISTS (
      SELECT FROM shared s
      LEFT JOIN (SELECT queue, tenant, workflow, permit_key, count(*) AS runs FROM picked GROUP BY 1, 2, 3, 4) AS p USING (queue, tenant, workflow, permit_key)
      WHERE s.room > coalesce(p.runs, 0) AND coalesce(p.runs, 0) < (
        SELECT count(*) FROM (
          SELECT FROM runs
          WHERE ${GATE('s.queue')} AND tenant = s.tenant AND workflow = s.workflow AND permit_key = s.permit_key AND needs = ANY($3::text[])
          ORDER BY priority DESC, id LIMIT coalesce(p.runs, 0) + 1) AS found))`;

/** @param limits of tenants; by default there are none */
export const cappedRuns = (limits: Limits = NO_LIMITS) => ({
  parts: parts(limits),
  taken: TAKEN,
  claimable: CLAIMABLE,
  columns: COLUMNS,
  hasRest: HAS_REST,
});
