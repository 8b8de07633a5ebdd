/**
 * Which versions the runs of a tenant that nobody is at work on are of, and whether a worker that lives takes runs of them. At boot the
 * oldest runs of each status are looked at: what a deploy has left behind is old, and an installation with a million waiting runs must not
 * read them all. Take no lock.
 */
import type { RunStatus } from '@stepwell/contracts';
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

/** Of which runs; what is null is not asked. */
export interface VersionFilter {
  readonly workflow: string;
  readonly version: number;
  /** Of `queued`, `waiting` and `paused`: nobody is at work on these. */
  readonly status: readonly RunStatus[] | null;
  readonly createdFrom: Date | null;
  readonly createdBefore: Date | null;
  /** The path of a node: those that have been there. */
  readonly at: string | null;
  /** Behind this one. */
  readonly after: string | null;
}

/** How many runs are looked through for those that have been at a node: each is a look into its journal. */
const MOST_LOOKED_AT = 1_000;

const OF_VERSION = `AND workflow = $2 AND version = $3 AND ($4::timestamptz IS NULL OR created_at >= $4)
  AND ($5::timestamptz IS NULL OR created_at < $5) AND id > $7::uuid AND ($8::text[] IS NULL OR status = ANY($8))`;

/** Reads until it has found so many: an operator who migrates runs asks for them, and nobody else. */
export const RUNS_OF_VERSION = statement(
  'runs-of-version',
  `SELECT r.id, $9::text IS NULL OR EXISTS (SELECT FROM journal j WHERE j.tenant = $1 AND j.run_id = r.id AND j.path = $9) AS fits
   FROM (${WAITING('id', '$1', '$6', OF_VERSION)}) AS r
   ORDER BY r.id LIMIT $6`,
);

export interface RunsOfVersion {
  readonly ids: readonly string[];
  /** Where to go on behind; null when no more are left. */
  readonly end: string | null;
}

/** @returns at most `limit` runs of a version that nobody is at work on, oldest first; with a node maybe fewer, and yet more are left */
export async function runsOfVersion(sql: Sql, tenant: string, filter: VersionFilter, limit: number): Promise<RunsOfVersion> {
  const { workflow, version, status, createdFrom, createdBefore, at, after } = filter;
  const most = at === null ? limit : MOST_LOOKED_AT;
  const values = [tenant, workflow, version, createdFrom, createdBefore, most + 1, after ?? NIL, status, at];
  const rows = await sql.query<{ id: string; fits: boolean }>(RUNS_OF_VERSION, values);
  const ids: string[] = [];
  let end: string | undefined;
  for (const { id, fits } of rows.slice(0, most)) {
    if (ids.length === limit) break;
    if (fits) ids.push(id);
    end = id;
  }
  return { ids, end: end === rows.at(-1)?.id ? null : (end ?? null) };
}
