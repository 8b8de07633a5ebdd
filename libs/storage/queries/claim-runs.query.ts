/**
 * Claims runs for a worker: queued ones of its queues, oldest first, and waiting ones whose timer is due.
 *
 * Locks: the claimed run rows, FOR NO KEY UPDATE SKIP LOCKED, so that claims never wait for each other or for a flush. Each claim raises
 * the epoch, which fences whoever held the lease before. `needs` keeps a worker from claiming what it cannot fold. The journal is read
 * by a later statement (read-journal): only then is everything that the old epoch committed visible.
 * The rows are found again by key, not by a join: planned on a young table, a join reads all of it. (Bounds that spare the look
 * into other months' partitions were tried; with them PostgreSQL 18.4 was seen to crash.)
 * What was skipped is told: somebody who locked a queued run at this moment may let go of it without a hint (a second answer that is
 * refused rolls back), so the claimer has to look again.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface ClaimedRun {
  readonly tenant: string;
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly queue: string;
  readonly epoch: number;
  readonly attention: number;
  readonly last_seq: number;
  readonly lineage_root: string;
  readonly actor: Actor | null;
  /** The run that waits for the end of this one. */
  readonly parent_run: string | null;
  /** The timer for which it was claimed, by the database's clock; null when it was queued. */
  readonly due_at: Date | null;
}

export const CLAIM_RUNS = statement(
  'claim-runs',
  `WITH queued AS (
     SELECT one.tenant, one.id, one.due_at
     FROM unnest($2::text[]) AS q(name)
     CROSS JOIN LATERAL (
       SELECT tenant, id, NULL::timestamptz AS due_at FROM runs WHERE status = 'queued' AND queue = q.name AND needs = ANY($3::text[])
       ORDER BY id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED) AS one
     LIMIT $4),
   due AS (
     SELECT tenant, id, due_at FROM runs
     WHERE status = 'waiting' AND due_at <= clock_timestamp() AND queue = ANY($2::text[]) AND needs = ANY($3::text[])
     ORDER BY due_at LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED),
   claimable AS MATERIALIZED (
     SELECT * FROM queued UNION ALL SELECT * FROM due),
   claimed AS (
     UPDATE runs r
     SET status = 'running', worker = $1, epoch = r.epoch + 1, due_at = NULL, wait_reasons = '{}'
     WHERE r.tenant = ANY(ARRAY(SELECT tenant FROM claimable)) AND r.id = ANY(ARRAY(SELECT id FROM claimable))
     RETURNING r.tenant, r.id, r.workflow, r.version, r.queue, r.epoch, r.attention, r.last_seq, r.lineage_root, r.actor, r.parent_run),
   rest AS (
     SELECT EXISTS (
       SELECT FROM runs r
       WHERE r.status = 'queued' AND r.queue = ANY($2::text[]) AND r.needs = ANY($3::text[])
         AND NOT EXISTS (SELECT FROM queued q WHERE q.tenant = r.tenant AND q.id = r.id)) AS has_rest)
   SELECT claimed.*, due.due_at, rest.has_rest FROM rest LEFT JOIN claimed ON true LEFT JOIN due USING (tenant, id)`,
);

export interface Claim {
  readonly runs: ClaimedRun[];
  /** More were queued: beyond the limit, or locked by somebody at this moment. */
  readonly hasRest: boolean;
}

/** @param limit at most this many of each kind */
export async function claimRuns(
  sql: Sql,
  worker: string,
  queues: readonly string[],
  needs: readonly string[],
  limit: number,
): Promise<Claim> {
  const rows = await sql.query<(ClaimedRun | { readonly id: null }) & { readonly has_rest: boolean }>(CLAIM_RUNS, [
    worker,
    queues,
    needs,
    limit,
  ]);
  return {
    runs: rows.filter((row): row is ClaimedRun & { readonly has_rest: boolean } => row.id !== null),
    hasRest: rows[0]?.has_rest ?? false,
  };
}

export const NEXT_DUE = statement(
  'next-due',
  `SELECT
     (SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8
      FROM runs WHERE status = 'waiting' AND due_at IS NOT NULL AND queue = ANY($1::text[]) AND needs = ANY($2::text[])) AS in_ms,
     EXISTS (SELECT FROM runs WHERE crashes IS NOT NULL AND status = 'queued' AND queue = ANY($1::text[]) AND needs = ANY($3::text[]))
     OR EXISTS (SELECT FROM dispatches WHERE crashes IS NOT NULL AND status = 'queued' AND queue = ANY($1::text[]) AND needs = ANY($3::text[])) AS has_suspects`,
);

export interface NextDue {
  /** In how many milliseconds the next timer of a run that this worker could claim is due, by the database's clock; negative when it is overdue. */
  readonly inMs: number | undefined;
  /** Something waits for a worker in isolation. */
  readonly hasSuspects: boolean;
}

/** @param needs of an ordinary worker and, beside it, of one in isolation */
export async function nextDue(
  sql: Sql,
  queues: readonly string[],
  needs: { readonly ordinary: readonly string[]; readonly inIsolation: readonly string[] },
): Promise<NextDue> {
  const [row] = await sql.query<{ in_ms: number | null; has_suspects: boolean }>(NEXT_DUE, [queues, needs.ordinary, needs.inIsolation]);
  return { inMs: row?.in_ms ?? undefined, hasSuspects: row?.has_suspects ?? false };
}
