/**
 * Claims runs for a worker: queued ones of its queues, and waiting ones whose timer is due.
 *
 * Which go first: the walk goes from tenant to tenant that has queued runs (a loose scan of the index: one look per tenant, never over all
 * queued runs) and takes an equal share of each, higher priorities first, then the older run. More tenants than there is room for are
 * served by turns: the next claim begins its walk behind the last tenant of this one. Of several queues each is walked to its part of the
 * room, and all that the walks have come to share it; where there are more queues than places, they come by turns of the claims.
 *
 * Of the places that a worker has, capped, due and queued runs get equal parts where there are such; what one kind leaves is for those
 * after it in this order. An odd place goes by turns of the claims: a worker with a single one comes to every kind.
 *
 * Locks: the claimed run rows, FOR NO KEY UPDATE SKIP LOCKED, so that claims never wait for each other or for a flush. Each claim raises
 * the epoch, which fences whoever held the lease before. `needs` keeps a worker from claiming what it cannot fold. The journal is read
 * by a later statement (read-journal): only then is everything that the old epoch committed visible.
 * The rows are found again by key, not by a join: planned on a young table, a join reads all of it. (Bounds that spare the look
 * into other months' partitions were tried; with them PostgreSQL 18.4 was seen to crash.)
 * What was skipped is told: somebody who locked a queued run at this moment may let go of it without a hint (a second answer that is
 * refused rolls back), so the claimer has to look again.
 *
 * Runs under a cap are claimed only by the variant `claim-runs-with-permits`, which a worker uses when it hosts a workflow that has one:
 * see capped-runs.ts. Weights and limits of tenants are heeded by the variant `claim-runs-with-shares` only, while somebody has set some.
 */
import type { Claim, ClaimedRun, ClaimRequest, NextDue } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { cappedRuns } from './capped-runs.js';
import { CLAIM_RUNS_WITH_SHARES } from './claim-runs-with-shares.query.js';
import { DUE_RUNS } from './due-runs.js';
import { NEXT_TENANT, QUEUE_BY_TURNS } from './tenant-after.js';

const CLAIM = (capped: Readonly<Record<'parts' | 'taken' | 'claimable' | 'columns' | 'hasRest', string>>) => `
WITH RECURSIVE
kinds AS MATERIALIZED (
  SELECT
    EXISTS (
      SELECT FROM unnest($2::text[]) AS q(name)
      CROSS JOIN LATERAL (
        SELECT FROM runs WHERE status = 'queued' AND permit_key IS NULL AND queue = q.name AND needs = ANY($3::text[])
        ORDER BY tenant, priority DESC, id LIMIT 1) AS one) AS queued,
    EXISTS (SELECT FROM (${DUE_RUNS('permit_key IS NULL')} LIMIT 1) AS one) AS due),${capped.parts}
due_room AS MATERIALIZED (
  SELECT CASE WHEN NOT due THEN 0 WHEN NOT queued THEN left_over ELSE (left_over + $6::int % 2) / 2 END AS most
  FROM kinds, LATERAL (SELECT $4::int - ${capped.taken} AS left_over) AS l),
due AS (
  ${DUE_RUNS('permit_key IS NULL')} LIMIT (SELECT most FROM due_room) FOR NO KEY UPDATE SKIP LOCKED),
queued_room AS MATERIALIZED (
  SELECT most, greatest(1, most / cardinality($2::text[])) AS of_queue
  FROM (SELECT ($4::int - ${capped.taken} - (SELECT count(*) FROM due))::int AS most) AS room),
walk AS (
  SELECT q.name AS queue, ${QUEUE_BY_TURNS} AS queue_place, first.tenant, 1 AS place, first.tenant <= $5 AS is_round
  FROM unnest($2::text[]) WITH ORDINALITY AS q(name, number)
  CROSS JOIN LATERAL ${NEXT_TENANT('q.name', '$5', 'false')} AS first
  WHERE first.tenant IS NOT NULL
  UNION ALL
  SELECT w.queue, w.queue_place, next.tenant, w.place + 1, w.is_round OR next.tenant <= w.tenant
  FROM walk w
  CROSS JOIN LATERAL ${NEXT_TENANT('w.queue', 'w.tenant', 'w.is_round')} AS next
  WHERE w.place < (SELECT of_queue FROM queued_room) AND (next.tenant > w.tenant AND NOT w.is_round OR next.tenant <= $5)),
queued AS (
  SELECT one.tenant, one.id, NULL::timestamptz AS due_at
  FROM (SELECT w.*, greatest(1, (SELECT most FROM queued_room) / count(*) OVER ()) AS share FROM walk w ORDER BY place, queue_place) AS w
  CROSS JOIN LATERAL (
    SELECT tenant, id FROM runs
    WHERE status = 'queued' AND permit_key IS NULL AND queue = w.queue AND tenant = w.tenant AND needs = ANY($3::text[])
    ORDER BY priority DESC, id LIMIT w.share FOR NO KEY UPDATE SKIP LOCKED) AS one
  LIMIT (SELECT most FROM queued_room)),
claimable AS MATERIALIZED (
  SELECT * FROM queued UNION ALL SELECT * FROM due${capped.claimable}),
claimed AS (
  UPDATE runs r
  SET status = 'running', worker = $1, epoch = r.epoch + 1, due_at = NULL, wait_reasons = '{}'
  WHERE r.tenant = ANY(ARRAY(SELECT tenant FROM claimable)) AND r.id = ANY(ARRAY(SELECT id FROM claimable))
  RETURNING r.tenant, r.id, r.workflow, r.version, r.queue, r.epoch, r.attention, r.last_seq, r.lineage_root, r.actor, r.parent_run),
rest AS (
  SELECT (
    SELECT count(*) > (SELECT count(*) FROM queued) FROM (
      SELECT FROM unnest($2::text[]) AS q(name)
      CROSS JOIN LATERAL (
        SELECT FROM runs WHERE status = 'queued' AND permit_key IS NULL AND queue = q.name AND needs = ANY($3::text[])
        ORDER BY tenant, priority DESC, id LIMIT (SELECT count(*) + 1 FROM queued)) AS one
      LIMIT (SELECT count(*) + 1 FROM queued)) AS found)
    OR (SELECT due FROM kinds) AND (SELECT count(*) FROM due) >= (SELECT most FROM due_room)${capped.hasRest} AS has_rest,
    CASE (SELECT most FROM queued_room) WHEN 0 THEN nullif($5, '') ELSE (
      SELECT tenant FROM walk WHERE place = (SELECT of_queue FROM queued_room) ORDER BY queue_place LIMIT 1) END AS walked_to)
SELECT claimed.*, claimable.due_at${capped.columns}, rest.has_rest, rest.walked_to
FROM rest LEFT JOIN claimed ON true LEFT JOIN claimable USING (tenant, id)`;

export const CLAIM_RUNS = statement('claim-runs', CLAIM({ parts: '', taken: '0', claimable: '', columns: '', hasRest: '' }));
/** As `claim-runs`, and runs under a cap with it. */
export const CLAIM_RUNS_WITH_PERMITS = statement('claim-runs-with-permits', CLAIM(cappedRuns()));

type ClaimedRow = Omit<ClaimedRun, 'due_at'> & { readonly due_at: Date | null };
interface Rest {
  readonly has_rest: boolean;
  readonly walked_to: string | null;
  readonly left?: number;
}

export async function claimRuns(sql: Sql, request: ClaimRequest): Promise<Claim> {
  const { worker, queues, needs, limit, after, turn, isCapped, hasShares, left } = request;
  const values = [worker, queues, needs, limit, after ?? '', turn ?? 0];
  const plain = isCapped ? CLAIM_RUNS_WITH_PERMITS : CLAIM_RUNS;
  const rows = await (hasShares
    ? sql.query<(ClaimedRow | { readonly id: null }) & Rest>(CLAIM_RUNS_WITH_SHARES, [...values, left ?? 0])
    : sql.query<(ClaimedRow | { readonly id: null }) & Rest>(plain, values));
  return {
    runs: rows.filter((row): row is ClaimedRow & Rest => row.id !== null).map((row) => ({ ...row, due_at: row.due_at?.getTime() ?? null })),
    hasRest: rows[0]?.has_rest ?? false,
    walkedTo: rows[0]?.walked_to ?? null,
    ...(hasShares ? { left: rows[0]?.left ?? 0 } : {}),
  };
}

/**
 * A suspect may also wait for a timer, beside an incident: until it is due it rings for this worker, from then on the run waits for a
 * worker in isolation.
 */
export const NEXT_DUE = statement(
  'next-due',
  `SELECT
     (SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8
      FROM runs WHERE status = 'waiting' AND due_at IS NOT NULL AND queue = ANY($1::text[])
        AND (needs = ANY($2::text[]) OR needs = ANY($3::text[]) AND due_at > clock_timestamp())) AS in_ms,
     EXISTS (SELECT FROM runs WHERE crashes IS NOT NULL AND status = 'queued' AND permit_key IS NULL AND queue = ANY($1::text[]) AND needs = ANY($3::text[]))
     OR EXISTS (SELECT FROM runs WHERE crashes IS NOT NULL AND status = 'queued' AND permit_key IS NOT NULL AND queue = ANY($1::text[]) AND needs = ANY($3::text[]))
     OR EXISTS (SELECT FROM runs WHERE crashes IS NOT NULL AND status = 'waiting' AND due_at <= clock_timestamp() AND queue = ANY($1::text[]) AND needs = ANY($3::text[]))
     OR EXISTS (SELECT FROM dispatches WHERE crashes IS NOT NULL AND status = 'queued' AND queue = ANY($1::text[]) AND needs = ANY($3::text[])) AS has_suspects,
     EXISTS (SELECT FROM tenant_shares) AS has_shares, ARRAY(SELECT tenant FROM tenant_shares WHERE at_work IS NOT NULL) AS limited`,
);

/** @param needs of an ordinary worker and, beside it, of one in isolation */
export async function nextDue(
  sql: Sql,
  queues: readonly string[],
  needs: { readonly ordinary: readonly string[]; readonly inIsolation: readonly string[] },
): Promise<NextDue> {
  const [row] = await sql.query<{ in_ms: number | null; has_suspects: boolean; has_shares: boolean; limited: string[] }>(NEXT_DUE, [
    queues,
    needs.ordinary,
    needs.inIsolation,
  ]);
  return {
    inMs: row?.in_ms ?? undefined,
    hasSuspects: row?.has_suspects ?? false,
    shares: { areThere: row?.has_shares ?? false, limited: row?.limited ?? [] },
  };
}
