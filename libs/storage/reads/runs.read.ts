/** Runs by id, and what caused what. Take no lock. */
import { type Sql, statement } from '../sql.js';
import { RUN_COLUMNS, RUN_VERSION, type RunRow } from './run-row.js';

export const READ_RUNS = statement(
  'read-runs',
  `SELECT ${RUN_COLUMNS} FROM runs r ${RUN_VERSION} WHERE r.tenant = $1 AND r.id = ANY($2::uuid[])`,
);

/** @returns the runs that exist, by id */
export async function readRuns(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, RunRow>> {
  const rows = await sql.query<RunRow>(READ_RUNS, [tenant, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

export const READ_LINEAGES = statement(
  'read-lineages',
  `SELECT ${RUN_COLUMNS} FROM runs r ${RUN_VERSION}
   WHERE r.tenant = $1 AND (r.id = ANY($2::uuid[]) OR r.lineage_root = ANY($2::uuid[]) AND r.retry_of IS NOT NULL)
   ORDER BY r.created_at, r.id`,
);

/** @returns the runs of each line of descent, by its root, from the first to the one that goes on */
export async function readLineages(sql: Sql, tenant: string, roots: readonly string[]): Promise<ReadonlyMap<string, RunRow[]>> {
  const rows = await sql.query<RunRow>(READ_LINEAGES, [tenant, roots]);
  const lineages = new Map<string, RunRow[]>(roots.map((root) => [root, []]));
  for (const row of rows) lineages.get(row.lineageRoot)?.push(row);
  return lineages;
}

export interface HeadRow extends RunRow {
  /** The run that was asked about. */
  readonly of: string;
}

export const READ_HEADS = statement(
  'read-heads',
  `SELECT c.id AS "of", ${RUN_COLUMNS}
   FROM (SELECT tenant, id, lineage_root, retried_as FROM runs WHERE tenant = $1 AND id = ANY($2::uuid[])) c
   CROSS JOIN LATERAL (
     SELECT * FROM runs WHERE c.retried_as IS NULL AND tenant = c.tenant AND id = c.id
     UNION ALL
     SELECT * FROM runs
     WHERE c.retried_as IS NOT NULL AND tenant = c.tenant AND lineage_root = c.lineage_root AND retry_of IS NOT NULL AND retried_as IS NULL) r
   ${RUN_VERSION}`,
);

/** @returns the run that goes on for each of these: the last of its line of descent, the run itself when it was not retried */
export async function readHeads(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, RunRow>> {
  const rows = await sql.query<HeadRow>(READ_HEADS, [tenant, ids]);
  return new Map(rows.map(({ of, ...row }) => [of, row]));
}

export interface RelatedRunRow extends RunRow {
  /** The run that was asked about. */
  readonly of: string;
  /** `cause`: it caused that run; `effect`: that run caused it. */
  readonly direction: 'cause' | 'effect';
  readonly via: 'event' | 'emitter' | 'fork' | 'parent';
  /** The name of the event in between. */
  readonly event: string | null;
}

/**
 * The run that caused each of these, and the runs that each of these caused, the first ones first; of one that was retried, the retry. An emitter causes thousands: its
 * ledger counts them, and at most `limit` are listed here.
 */
export const READ_RELATED_RUNS = statement(
  'read-related-runs',
  `SELECT o.id AS "of", related.direction, ${RUN_COLUMNS}, CASE WHEN caused.started_by IN ('emitter', 'fork', 'parent') THEN caused.started_by ELSE 'event' END AS via, e.name AS event
   FROM (SELECT tenant, id, cause_run FROM runs WHERE tenant = $1 AND id = ANY($2::uuid[])) o
   CROSS JOIN LATERAL (
     SELECT 'cause' AS direction, o.cause_run AS id, o.id AS caused WHERE o.cause_run IS NOT NULL
     UNION ALL
     (SELECT 'effect', c.id, c.id FROM runs c WHERE c.tenant = $1 AND c.cause_run = o.id AND c.retried_as IS NULL ORDER BY c.id LIMIT $3)) related
   JOIN runs r ON r.tenant = $1 AND r.id = related.id
   JOIN runs caused ON caused.tenant = $1 AND caused.id = related.caused
   ${RUN_VERSION}
   LEFT JOIN events e ON e.tenant = $1 AND e.id = caused.cause_event
   ORDER BY o.id, related.direction, r.id`,
);

export function readRelatedRuns(sql: Sql, tenant: string, ids: readonly string[], limit: number): Promise<RelatedRunRow[]> {
  return sql.query<RelatedRunRow>(READ_RELATED_RUNS, [tenant, ids, limit]);
}
