/** How many runs sessions have. Takes no lock. */
import { type Sql, statement } from '../sql.js';

/** Of a larger session so many of its runs are looked at, the newest: to count all would read all. */
export const MOST_SESSION_RUNS = 1_000;

export interface SessionRuns {
  /** At most MOST_SESSION_RUNS, and one more when there are more. */
  readonly total: number;
  /** Of these, those that have not ended. */
  readonly live: number;
}

export const COUNT_SESSION_RUNS = statement(
  'count-session-runs',
  `SELECT wanted.name, found.total, found.live
   FROM unnest($2::text[]) AS wanted(name)
   CROSS JOIN LATERAL (
     SELECT count(*)::int AS total, (count(*) FILTER (WHERE newest.status IN ('queued', 'running', 'waiting', 'paused')))::int AS live
     FROM (SELECT status FROM runs WHERE tenant = $1 AND session = wanted.name ORDER BY id DESC LIMIT $3) AS newest) AS found`,
);

/** @returns by the name of the session */
export async function countSessionRuns(sql: Sql, tenant: string, names: readonly string[]): Promise<ReadonlyMap<string, SessionRuns>> {
  const rows = await sql.query<SessionRuns & { readonly name: string }>(COUNT_SESSION_RUNS, [tenant, names, MOST_SESSION_RUNS + 1]);
  return new Map(rows.map(({ name, total, live }) => [name, { total, live }]));
}
