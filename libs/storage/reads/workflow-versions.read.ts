/** The versions that a tenant's processes have registered. Take no lock. */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface RegisteredVersion {
  readonly workflow: string;
  readonly version: number;
  readonly title: string;
  readonly registeredAt: Date;
  readonly graph: Json;
}

const COLUMNS = 'v.workflow, v.version, v.title, v.created_at AS "registeredAt", v.graph';

export const LIST_WORKFLOW_VERSIONS = statement(
  'list-workflow-versions',
  `SELECT ${COLUMNS} FROM unnest($2::text[]) AS w(name)
   CROSS JOIN LATERAL (SELECT * FROM workflow_versions WHERE tenant = $1 AND workflow = w.name ORDER BY version DESC LIMIT $3) v
   ORDER BY v.workflow, v.version DESC`,
);

/** The newest `limit` of each workflow. */
export const listWorkflowVersions = (sql: Sql, tenant: string, workflows: readonly string[], limit: number) =>
  sql.query<RegisteredVersion>(LIST_WORKFLOW_VERSIONS, [tenant, workflows, limit]);

export const READ_WORKFLOW_VERSIONS = statement(
  'read-workflow-versions',
  `SELECT ${COLUMNS} FROM unnest($2::text[], $3::int[]) AS w(name, version)
   JOIN workflow_versions v ON v.tenant = $1 AND v.workflow = w.name AND v.version = w.version`,
);

/** Those that are registered. */
export const readWorkflowVersions = (sql: Sql, tenant: string, versions: readonly { workflow: string; version: number }[]) =>
  sql.query<RegisteredVersion>(READ_WORKFLOW_VERSIONS, [tenant, versions.map((one) => one.workflow), versions.map((one) => one.version)]);
