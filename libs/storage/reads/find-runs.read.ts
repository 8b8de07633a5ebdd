/** Which runs somebody means who types a text: an id or its beginning, the end of one as the pages show it, a key. Take no lock. */
import { type Sql, statement } from '../sql.js';

/** Either these runs, or those whose ids lie between two, both included. */
export type FoundRuns = { readonly ids: readonly string[] } | { readonly span: readonly [string, string] };

/**
 * A key is looked up once per workflow and emitter, of which there are few: neither table has an index by the key alone, which every start
 * would have to write.
 */
export const FIND_RUNS_BY_KEY = statement(
  'find-runs-by-key',
  `SELECT found.run_id AS id
   FROM (SELECT DISTINCT workflow AS name FROM workflow_versions WHERE tenant = $1) AS hosted
   CROSS JOIN LATERAL (
     (SELECT k.run_id FROM run_keys k WHERE k.tenant = $1 AND k.workflow = hosted.name AND k.key = $2)
     UNION ALL
     (SELECT e.run_id FROM emissions e WHERE e.tenant = $1 AND e.emitter = hosted.name AND e.record_key = $2)) AS found`,
);

/** Looks through ids alone, which the primary key has, and no further than a person remembers: so many take a tenth of a second. */
export const FIND_RUNS_BY_END = statement(
  'find-runs-by-end',
  `SELECT id FROM (SELECT id FROM runs WHERE tenant = $1 ORDER BY id DESC LIMIT 300000) AS latest WHERE right(id::text, 8) = $2 LIMIT 20`,
);

/** The pages show so much of the end of an id. */
const END = /^[0-9a-f]{8}$/;
/** Fewer digits are the beginning of all ids of days. */
const BEGINNING = /^[0-9a-f]{9,32}$/;

/** @returns no ids when the text means no run */
export async function findRuns(sql: Sql, tenant: string, text: string): Promise<FoundRuns> {
  const byKey = await sql.query<{ id: string }>(FIND_RUNS_BY_KEY, [tenant, text]);
  if (byKey.length > 0) return { ids: byKey.map(({ id }) => id) };
  const digits = text.toLowerCase().replaceAll('-', '');
  if (BEGINNING.test(digits)) return { span: [uuidOf(digits.padEnd(32, '0')), uuidOf(digits.padEnd(32, 'f'))] };
  if (!END.test(digits)) return { ids: [] };
  return { ids: (await sql.query<{ id: string }>(FIND_RUNS_BY_END, [tenant, digits])).map(({ id }) => id) };
}

function uuidOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
