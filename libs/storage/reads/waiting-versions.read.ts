/**
 * Which versions the runs of a tenant that nobody is at work on are of, and whether a worker that lives takes runs of them. At boot the
 * oldest runs of each status are looked at: what a deploy has left behind is old, and an installation with a million waiting runs must not
 * read them all. Take no lock.
 */
import { type Sql, statement } from '../sql.js';

/** Of each status. Some milliseconds of an index scan. */
export const MOST_WAITING = 10_000;

export interface WaitingVersion {
  readonly workflow: string;
  readonly version: number;
  /** Among those that were looked at. */
  readonly runs: number;
  /** Null when no worker lives that could say. */
  readonly isServed: boolean | null;
}

const WAITING = (columns: string, tenant: string, limit: string, where = '') =>
  ['queued', 'waiting', 'paused']
    .map((status) => `(SELECT ${columns} FROM runs WHERE tenant = ${tenant} AND status = '${status}' ${where} ORDER BY id LIMIT ${limit})`)
    .join(' UNION ALL ');

export const WAITING_VERSIONS = statement(
  'waiting-versions',
  `WITH waiting AS (
     SELECT workflow, version, count(*)::int AS runs FROM (${WAITING('workflow, version', '$1', '$2')}) AS r GROUP BY workflow, version)
   SELECT w.*, (
     SELECT bool_or(p.hosts IS NULL OR w.workflow || '@' || w.version = ANY(p.hosts))
     FROM workers p WHERE p.ended_at IS NULL AND p.expires_at > clock_timestamp() AND cardinality(p.queues) > 0) AS "isServed"
   FROM waiting w ORDER BY workflow, version`,
);

export const waitingVersions = (sql: Sql, tenant: string) => sql.query<WaitingVersion>(WAITING_VERSIONS, [tenant, MOST_WAITING]);

const NIL = '00000000-0000-0000-0000-000000000000';

export const RUNS_AT = statement(
  'runs-at',
  `SELECT r.id FROM (${WAITING('tenant, id, workflow, version', '$1', '$5')}) AS r
   WHERE r.workflow = $2 AND r.version = $3
     AND r.id > $7::uuid AND EXISTS (SELECT FROM journal j WHERE j.tenant = r.tenant AND j.run_id = r.id AND j.path = ANY($4::text[]))
   ORDER BY r.id LIMIT $6`,
);

/** @returns runs behind `after` that nobody is at work on and that have been at one of these nodes, oldest first */
export async function runsAt(
  sql: Sql,
  tenant: string,
  { workflow, version }: { readonly workflow: string; readonly version: number },
  paths: readonly string[],
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
): Promise<string[]> {
  const values = [tenant, workflow, version, paths, MOST_WAITING, limit, after ?? NIL];
  const rows = await sql.query<{ id: string }>(RUNS_AT, values);
  return rows.map(({ id }) => id);
}

/** Of which runs; what is null or absent is not asked. */
export interface VersionFilter {
  readonly workflow: string;
  readonly version: number;
  readonly createdFrom?: Date | null;
  readonly createdBefore?: Date | null;
}

/** Reads until it has found so many: an operator who migrates runs asks for them, and nobody else. */
export const RUNS_OF_VERSION = statement(
  'runs-of-version',
  `SELECT r.id FROM (${WAITING(
    'id',
    '$1',
    '$6',
    'AND workflow = $2 AND version = $3 AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)',
  )}) AS r
   ORDER BY r.id LIMIT $6`,
);

/** @returns runs of a version that nobody is at work on, oldest first */
export async function runsOfVersion(sql: Sql, tenant: string, filter: VersionFilter, limit: number): Promise<string[]> {
  const { workflow, version, createdFrom = null, createdBefore = null } = filter;
  const values = [tenant, workflow, version, createdFrom, createdBefore, limit];
  return (await sql.query<{ id: string }>(RUNS_OF_VERSION, values)).map(({ id }) => id);
}
