/**
 * The emitters' ledgers, counted. Each figure is a count over the rows of ONE statement, so of one snapshot: never from counters, which
 * drift, and never from two statements, between which runs move on. `read` counts every record that was read, the others partition
 * it, each by the run that goes on with it, when its own was retried; a started record whose run is gone would be in none of them, and the ledger then says that it does not balance.
 *
 * Take no lock. Cost: one row per record that was ever read, joined to its run.
 */
import { type Sql, statement } from '../sql.js';
import { type Answering, byRequest } from './by-request.js';

export interface LedgerCounts {
  readonly read: number;
  readonly rejected: number;
  readonly deduplicated: number;
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  readonly paused: number;
  readonly completed: number;
  readonly failed: number;
  readonly canceled: number;
}

const STATUSES = ['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'canceled'] as const;

const COUNTS = [
  'count(*)::int AS read',
  ...['rejected', 'deduplicated'].map((outcome) => `count(*) FILTER (WHERE e.outcome = '${outcome}')::int AS ${outcome}`),
  ...STATUSES.map((status) => `count(*) FILTER (WHERE coalesce(run.head, run.own) = '${status}')::int AS ${status}`),
].join(', ');

/**
 * Only a started record is counted by its run: a deduplicated one names the run of its first emission. Runs are looked up one by one: a
 * join that was planned on a young table compares every record with every run, which took six seconds for six thousand of them.
 */
const RUN = `LEFT JOIN LATERAL (
    SELECT CASE WHEN r.retried_as IS NOT NULL THEN
        (SELECT head.status FROM runs head
         WHERE head.tenant = r.tenant AND head.lineage_root = r.lineage_root AND head.retry_of IS NOT NULL AND head.retried_as IS NULL LIMIT 1)
      END AS head, r.status AS own
    FROM runs r WHERE e.outcome = 'started' AND r.tenant = e.tenant AND r.id = e.run_id LIMIT 1) run ON true`;

export const READ_LEDGERS = statement(
  'read-ledgers',
  `SELECT e.emitter AS key, ${COUNTS} FROM emission_reads e ${RUN} WHERE e.tenant = $1 AND e.emitter = ANY($2) GROUP BY e.emitter`,
);

export const READ_LEDGERS_OF_RUNS = statement(
  'read-ledgers-of-runs',
  `SELECT e.emitter_run AS key, ${COUNTS} FROM emission_reads e ${RUN} WHERE e.tenant = $1 AND e.emitter_run = ANY($2::uuid[]) GROUP BY e.emitter_run`,
);

type Keyed = LedgerCounts & { readonly key: string };

/** @returns the ledger of each emitter that has read something, by name */
export async function readLedgers(sql: Sql, tenant: string, emitters: readonly string[]): Promise<ReadonlyMap<string, LedgerCounts>> {
  return byKey(await sql.query<Keyed>(READ_LEDGERS, [tenant, emitters]));
}

/** @returns the part of the ledger that each of these emitter runs has read, by run id */
export async function readLedgersOfRuns(sql: Sql, tenant: string, runs: readonly string[]): Promise<ReadonlyMap<string, LedgerCounts>> {
  return byKey(await sql.query<Keyed>(READ_LEDGERS_OF_RUNS, [tenant, runs]));
}

export interface RejectedRow {
  readonly runId: string;
  readonly position: number | null;
  readonly reason: string;
  readonly excerpt: string | null;
}

export const READ_REJECTED = statement(
  'read-rejected',
  `SELECT f.* FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS wanted(emitter, most, place)
   CROSS JOIN LATERAL (
     SELECT wanted.place::int - 1 AS of, emitter_run AS "runId", position, coalesce(reason, '') AS reason, excerpt
     FROM emission_reads
     WHERE tenant = $1 AND emitter = wanted.emitter AND outcome = 'rejected'
     ORDER BY emitter_run DESC, batch DESC, ordinal DESC
     LIMIT wanted.most) f`,
);

export interface RejectedRequest {
  readonly emitter: string;
  /** At most this many. */
  readonly limit: number;
}

/** @returns the records that each emitter could not read, newest first, in the order of the requests */
export async function readRejected(sql: Sql, tenant: string, requests: readonly RejectedRequest[]): Promise<RejectedRow[][]> {
  const values = [tenant, requests.map(({ emitter }) => emitter), requests.map(({ limit }) => limit)];
  return byRequest(requests, await sql.query<RejectedRow & Answering>(READ_REJECTED, values));
}

function byKey(rows: readonly Keyed[]): ReadonlyMap<string, LedgerCounts> {
  return new Map(rows.map(({ key, ...ledger }) => [key, ledger]));
}
