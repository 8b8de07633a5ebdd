/** Registers the workflow versions of a build, once per boot. Locks their rows. */
import { type Sql, statement } from '../sql.js';

export interface WorkflowVersionRow {
  readonly workflow: string;
  readonly version: number;
  readonly title: string;
  readonly kind: 'workflow' | 'emitter';
  readonly fingerprint: string;
  readonly graph: string;
}

export const REGISTER_WORKFLOWS = statement(
  'register-workflows',
  `WITH known AS (
     SELECT workflow, version, fingerprint FROM workflow_versions WHERE tenant = $1),
   written AS (
     INSERT INTO workflow_versions (tenant, workflow, version, title, kind, fingerprint, graph)
     SELECT $1, w.* FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::jsonb[]) AS w(workflow, version, title, kind, fingerprint, graph)
     ORDER BY 2, 3
     ON CONFLICT (tenant, workflow, version) DO UPDATE SET title = excluded.title, fingerprint = excluded.fingerprint, graph = excluded.graph
     RETURNING workflow, version, fingerprint)
   SELECT w.workflow, w.version FROM written w JOIN known k ON k.workflow = w.workflow AND k.version = w.version AND k.fingerprint <> w.fingerprint`,
);

/** @returns the versions whose graph is not the one that was registered under the same number before */
export async function registerWorkflows(
  sql: Sql,
  tenant: string,
  versions: readonly WorkflowVersionRow[],
): Promise<{ workflow: string; version: number }[]> {
  const column = <T>(read: (row: WorkflowVersionRow) => T): T[] => versions.map(read);
  return sql.query(REGISTER_WORKFLOWS, [
    tenant,
    column((row) => row.workflow),
    column((row) => row.version),
    column((row) => row.title),
    column((row) => row.kind),
    column((row) => row.fingerprint),
    column((row) => row.graph),
  ]);
}
