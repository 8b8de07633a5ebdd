/** What is said of runs beside their rows: what they are about, which of them had nothing to do, and which went elsewhere. Take no lock. */
import { type Sql, statement } from '../sql.js';

export const READ_SUBJECTS = statement(
  'read-subjects',
  `SELECT o.id, latest.subject
   FROM unnest($2::uuid[]) AS o(id)
   CROSS JOIN LATERAL (SELECT t.subject FROM tasks t WHERE t.tenant = $1 AND t.run_id = o.id ORDER BY t.id DESC LIMIT 1) AS latest`,
);

/** @returns the subject of the latest task of each run that has one, by run */
export async function readSubjects(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ id: string; subject: string }>(READ_SUBJECTS, [tenant, ids]);
  return new Map(rows.map(({ id, subject }) => [id, subject]));
}

export const READ_QUIET_RUNS = statement(
  'read-quiet-runs',
  `SELECT r.id
   FROM unnest($2::uuid[]) AS o(id)
   CROSS JOIN LATERAL (SELECT * FROM runs WHERE tenant = $1 AND id = o.id AND status = 'completed') AS r
   JOIN workflow_versions v ON v.tenant = r.tenant AND v.workflow = r.workflow AND v.version = r.version AND v.kind = 'emitter'
   WHERE NOT EXISTS (SELECT FROM emission_reads e WHERE e.tenant = $1 AND e.emitter_run = r.id)`,
);

/** @returns those of these runs that are an emitter's, went well, and read no record */
export async function readQuietRuns(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(READ_QUIET_RUNS, [tenant, ids]);
  return new Set(rows.map(({ id }) => id));
}

export const READ_CARRIED_RUNS = statement(
  'read-carried-runs',
  `SELECT o.id FROM unnest($2::uuid[]) AS o(id)
   WHERE EXISTS (SELECT FROM journal j WHERE j.tenant = $1 AND j.run_id = o.id AND j.type = 'run.carried')`,
);

/** @returns those of these runs that go on in another installation */
export async function readCarriedRuns(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(READ_CARRIED_RUNS, [tenant, ids]);
  return new Set(rows.map(({ id }) => id));
}
