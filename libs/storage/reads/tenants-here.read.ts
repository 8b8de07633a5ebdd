/**
 * Whose rows are in this database. Of the runs the index is walked from tenant to tenant, so it reads some rows for each, however many runs
 * there are. Takes no lock.
 */
import { type Sql, statement } from '../sql.js';

export const TENANTS_HERE = statement(
  'tenants-here',
  `WITH RECURSIVE with_runs AS (
     SELECT (SELECT min(tenant) FROM runs) AS tenant
     UNION ALL
     SELECT (SELECT min(r.tenant) FROM runs r WHERE r.tenant > w.tenant) FROM with_runs w WHERE w.tenant IS NOT NULL)
   SELECT tenant FROM with_runs WHERE tenant IS NOT NULL
   UNION SELECT tenant FROM users
   UNION SELECT tenant FROM workflow_versions
   ORDER BY tenant`,
);

/** @returns the tenants that have runs, people or registered workflows, in order */
export const tenantsHere = async (sql: Sql): Promise<string[]> =>
  (await sql.query<{ tenant: string }>(TENANTS_HERE, [])).map(({ tenant }) => tenant);
