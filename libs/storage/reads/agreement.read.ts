/**
 * How often people agreed with what was suggested to them: of each workflow its newest decisions within a time, by an index that has only
 * those with a suggestion (tasks_agreement). Takes no lock, and reads no more than `limit` tasks of a workflow.
 */
import { type Sql, statement } from '../sql.js';

export interface AgreementRow {
  readonly workflow: string;
  readonly version: number;
  /** The screen's node. */
  readonly screen: string;
  readonly title: string;
  /** The step that recommends. */
  readonly source: string | null;
  readonly decisions: number;
  /** Of them with exactly what was suggested, and nothing added. */
  readonly unchanged: number;
  readonly fields: readonly FieldAgreementRow[] | null;
}

export interface FieldAgreementRow {
  /** Items of lists are one: `parts.*.cost`. */
  readonly path: string;
  readonly outcome: string;
  /** Of ten, by confidence: 9 is from 0.9 to 1; null: nobody said. */
  readonly tenth: number | null;
  readonly count: number;
}

export const READ_AGREEMENT = statement(
  'read-agreement',
  `WITH named AS (
     SELECT DISTINCT v.workflow FROM workflow_versions v WHERE v.tenant = $1 AND ($2::text IS NULL OR v.workflow = $2)),
   decided AS MATERIALIZED (
     SELECT t.* FROM named n CROSS JOIN LATERAL (
       SELECT t.workflow, t.workflow_version AS version, t.screen, t.title, t.suggestion ->> 'source' AS source, t.agreement FROM tasks t
       WHERE t.tenant = $1 AND t.workflow = n.workflow AND t.ended_at >= statement_timestamp() - $3 * interval '1 day' AND t.agreement IS NOT NULL
       ORDER BY t.ended_at DESC LIMIT $4) t),
   counted AS (
     SELECT d.workflow, d.version, d.screen, regexp_replace(f.path, '\\.\\d+(?=\\.|$)', '.*', 'g') AS path, f.outcome,
       least(floor(f.confidence * 10), 9)::int AS tenth, count(*)::int AS count
     FROM decided d CROSS JOIN LATERAL jsonb_to_recordset(d.agreement) AS f(path text, outcome text, confidence float8)
     GROUP BY 1, 2, 3, 4, 5, 6)
   SELECT d.workflow, d.version, d.screen, max(d.title) AS title, max(d.source) AS source, count(*)::int AS decisions,
     count(*) FILTER (WHERE d.agreement <> '[]' AND NOT d.agreement @? '$[*] ? (@.outcome != "accepted")')::int AS unchanged,
     (SELECT jsonb_agg(jsonb_build_object('path', c.path, 'outcome', c.outcome, 'tenth', c.tenth, 'count', c.count) ORDER BY c.path)
      FROM counted c WHERE c.workflow = d.workflow AND c.version = d.version AND c.screen = d.screen) AS fields
   FROM decided d GROUP BY d.workflow, d.version, d.screen ORDER BY d.workflow, d.screen, d.version DESC`,
);

/** @param workflow null: all @param limit of a workflow, the newest */
export async function readAgreement(
  sql: Sql,
  tenant: string,
  workflow: string | null,
  days: number,
  limit: number,
): Promise<AgreementRow[]> {
  return sql.query<AgreementRow>(READ_AGREEMENT, [tenant, workflow, days, limit]);
}
