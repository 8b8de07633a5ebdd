/**
 * Dead letters: runs that have failed for good, and of which nothing became yet; the last that failed comes first. Take no lock. A text for
 * each index that may lead, because one plan serves all values; each goes down its index and reads no other run.
 */
import { type Sql, type Statement, statement } from '../sql.js';
import { RUN_COLUMNS, RUN_VERSION, type RunRow } from './run-row.js';

export interface DeadLetterFilter {
  readonly workflow: string | null;
  readonly errorCode: string | null;
  /** When it failed: then or later, and earlier than that. */
  readonly from: Date | null;
  readonly until: Date | null;
}

export interface DeadLetterRequest extends DeadLetterFilter {
  /** At most this many. */
  readonly limit: number;
  /** Behind this one only: its `place`. */
  readonly after: string | null;
}

export interface DeadLetterRow extends RunRow {
  /** When it failed, to the microsecond, and its id: where the next page goes on. */
  readonly place: string;
}

const found = (where: string) => `SELECT * FROM runs
   WHERE tenant = $1 AND status = 'failed' AND retried_as IS NULL AND letter IS NULL
     AND (ended_at, id) < ($2::timestamptz, $3::uuid) AND ended_at >= $5::timestamptz AND ended_at < $6::timestamptz ${where}
   ORDER BY ended_at DESC, id DESC LIMIT $4`;

const listText = (name: string, where = '') =>
  statement(
    `list-dead-letters${name}`,
    `SELECT ${RUN_COLUMNS}, to_char(r.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || r.id AS place
     FROM (${found(where)}) r ${RUN_VERSION} ORDER BY r.ended_at DESC, r.id DESC`,
  );
const countText = (name: string, where = '') =>
  statement(`count-dead-letters${name}`, `SELECT count(*)::int AS count FROM (${found(where)}) r`);

const textsOf = (make: (name: string, where?: string) => Statement) => ({
  all: make(''),
  ofWorkflow: make('-of-workflow', 'AND workflow = $7 AND ($8::text IS NULL OR error_code = $8)'),
  byCode: make('-by-code', 'AND error_code = $7'),
});

export const LIST_DEAD_LETTERS = textsOf(listText);
export const COUNT_DEAD_LETTERS = textsOf(countText);

export function listDeadLetters(sql: Sql, tenant: string, request: DeadLetterRequest): Promise<DeadLetterRow[]> {
  return sql.query<DeadLetterRow>(...chosen(LIST_DEAD_LETTERS, tenant, request));
}

/** @returns how many fit, but not more than `limit` */
export async function countDeadLetters(sql: Sql, tenant: string, filter: DeadLetterFilter, limit: number): Promise<number> {
  const [row] = await sql.query<{ count: number }>(...chosen(COUNT_DEAD_LETTERS, tenant, { ...filter, limit, after: null }));
  return row?.count ?? 0;
}

function chosen(
  texts: typeof LIST_DEAD_LETTERS,
  tenant: string,
  { workflow, errorCode, from, until, limit, after }: DeadLetterRequest,
): [Statement, unknown[]] {
  const [endedAt, id] = after?.split(' ') ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  const values = [tenant, endedAt, id, limit, from ?? '-infinity', until ?? 'infinity'];
  if (workflow !== null) return [texts.ofWorkflow, [...values, workflow, errorCode]];
  return errorCode === null ? [texts.all, values] : [texts.byCode, [...values, errorCode]];
}
