/**
 * A page of runs, newest first, and how many there are. Ids are UUIDv7, so the id is the key of the page: no offset, and a run that
 * starts meanwhile shifts nothing; and a span of time is a span of ids. Take no lock.
 *
 * Several texts, because one plan serves all values:
 * - with a workflow its own index leads, with a session that of its runs;
 * - with statuses each is looked for where it is rare: `runs_by_status` has those in which a run stays without having completed, and what
 *   is queued or running has the indexes of the workers. Only completed runs, which are most, are met on the way down the ids.
 */
import type { RunStatus, WaitReason } from '@stepwell/contracts';
import { type Sql, type Statement, statement } from '../sql.js';
import { type Answering, byRequest } from './by-request.js';
import { RUN_COLUMNS, RUN_VERSION, type RunRow } from './run-row.js';

export interface RunListFilter {
  readonly status: readonly RunStatus[] | null;
  readonly workflow: string | null;
  readonly startedBy: readonly string[] | null;
  /** Waiting runs that wait for this; runs of other statuses are then left out. */
  readonly waitReason: WaitReason | null;
  readonly from: Date | null;
  readonly until: Date | null;
  /** The first and the last id that will do, as `find-runs.read.ts` found them for a text. */
  readonly span: readonly [string, string] | null;
  /** Those of this session. */
  readonly session: string | null;
  /** These only. */
  readonly ids: readonly string[] | null;
}

export const EVERY_RUN: RunListFilter = {
  ...{ status: null, workflow: null, startedBy: null, waitReason: null, from: null, until: null, span: null, session: null, ids: null },
};

export interface RunListRequest extends RunListFilter {
  /** At most this many. */
  readonly limit: number;
  /** Runs older than this one only. */
  readonly before: string | null;
}

const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** How far a process that makes ids and the database may differ about the time: the ids are looked through so much farther. */
const CLOCKS_DIFFER_MS = 10 * 60_000;

const COMMON = `tenant = $1 AND id < $2 AND id >= $4 AND id <= $5 AND ($6::timestamptz IS NULL OR created_at >= $6)
  AND ($7::timestamptz IS NULL OR created_at < $7) AND ($8::text[] IS NULL OR started_by = ANY($8))`;
const WAITS_FOR = `($9::text IS NULL OR status = 'waiting' AND $9 = ANY(wait_reasons))`;
const NEWEST = 'ORDER BY id DESC LIMIT $3';
/** As the index says it, word for word. */
const STANDING = `status IN ('waiting', 'paused', 'failed', 'canceled')`;

const oneStatus = (status: RunStatus, workflow: string) =>
  `(SELECT * FROM runs WHERE status = '${status}' AND '${status}' = ANY($10::text[]) AND ${COMMON} ${workflow} ${NEWEST})`;

const EACH = {
  any: (workflow: string) => `SELECT * FROM runs WHERE ${COMMON} AND $10::text[] IS NULL AND ${WAITS_FOR} ${workflow} ${NEWEST}`,
  byStatus: (workflow: string) => `SELECT * FROM (
      (SELECT standing.* FROM unnest($10::text[]) AS one(status) CROSS JOIN LATERAL (
        SELECT * FROM runs WHERE status = one.status AND ${STANDING} AND ${COMMON} AND ${WAITS_FOR} ${workflow} ${NEWEST}) AS standing)
      UNION ALL ${oneStatus('queued', workflow)}
      UNION ALL ${oneStatus('running', workflow)}
      UNION ALL ${oneStatus('completed', workflow)}) AS found ${NEWEST}`,
  ofSession: `SELECT * FROM runs WHERE ${COMMON} AND ($10::text[] IS NULL OR status = ANY($10)) AND ${WAITS_FOR}
      AND ($11::text IS NULL OR workflow = $11) AND session = $12 ${NEWEST}`,
  byId: `SELECT * FROM runs WHERE ${COMMON} AND ($10::text[] IS NULL OR status = ANY($10)) AND ${WAITS_FOR}
      AND ($11::text IS NULL OR workflow = $11) AND id = ANY($12::uuid[]) AND ($13::text IS NULL OR session = $13) ${NEWEST}`,
} as const;

const OF_WORKFLOW = 'AND workflow = $11';

const listText = (name: string, found: string) =>
  statement(`list-runs${name}`, `SELECT ${RUN_COLUMNS} FROM (${found}) r ${RUN_VERSION} ORDER BY r.id DESC`);
const countText = (name: string, found: string) => statement(`count-runs${name}`, `SELECT count(*)::int AS count FROM (${found}) r`);

const textsOf = (make: (name: string, found: string) => Statement) => ({
  any: make('', EACH.any('')),
  ofWorkflow: make('-of-workflow', EACH.any(OF_WORKFLOW)),
  byStatus: make('-by-status', EACH.byStatus('')),
  ofWorkflowByStatus: make('-of-workflow-by-status', EACH.byStatus(OF_WORKFLOW)),
  ofSession: make('-of-session', EACH.ofSession),
  byId: make('-by-id', EACH.byId),
});

export const LIST_RUNS = textsOf(listText);
export const COUNT_RUNS = textsOf(countText);

export function listRuns(sql: Sql, tenant: string, request: RunListRequest): Promise<RunRow[]> {
  const [text, values] = chosen(LIST_RUNS, tenant, request);
  return sql.query<RunRow>(text, values);
}

/** @returns how many fit, but not more than `limit`: to count all would read all */
export async function countRuns(sql: Sql, tenant: string, filter: RunListFilter, limit: number): Promise<number> {
  const [text, values] = chosen(COUNT_RUNS, tenant, { ...filter, limit, before: null });
  const [row] = await sql.query<{ count: number }>(text, values);
  return row?.count ?? 0;
}

function chosen(texts: typeof LIST_RUNS, tenant: string, request: RunListRequest): [Statement, unknown[]] {
  const { limit, before, workflow, startedBy, waitReason, from, until, span, session, ids } = request;
  const status = waitReason === null ? request.status : (request.status ?? ['waiting']).filter((one) => one === 'waiting');
  const low = highest(LOWEST, span?.[0], from && idOf(from.getTime() - CLOCKS_DIFFER_MS, LOWEST));
  const high = lowest(HIGHEST, span?.[1], until && idOf(until.getTime() + CLOCKS_DIFFER_MS, HIGHEST));
  const values = [tenant, before ?? HIGHEST, limit, low, high, from, until, startedBy, waitReason, status];
  if (ids) return [texts.byId, [...values, workflow, ids, session]];
  if (session !== null) return [texts.ofSession, [...values, workflow, session]];
  if (workflow === null) return [status === null ? texts.any : texts.byStatus, values];
  return [status === null ? texts.ofWorkflow : texts.ofWorkflowByStatus, [...values, workflow]];
}

/** The first or the last UUIDv7 of a millisecond, by what its rest is filled with. */
function idOf(ms: number, rest: string): string {
  const time = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${rest.slice(13)}`;
}

/** Ids in lower case are ordered as their texts are. */
function highest(...ids: readonly (string | null | undefined)[]): string {
  return ids.reduce<string>((top, id) => (id && id > top ? id : top), LOWEST);
}

function lowest(...ids: readonly (string | null | undefined)[]): string {
  return ids.reduce<string>((bottom, id) => (id && id < bottom ? id : bottom), HIGHEST);
}

export const LATEST_RUNS = statement(
  'latest-runs',
  `SELECT wanted.place::int - 1 AS of, ${RUN_COLUMNS}
   FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS wanted(workflow, most, place)
   CROSS JOIN LATERAL (SELECT * FROM runs WHERE tenant = $1 AND workflow = wanted.workflow ORDER BY id DESC LIMIT wanted.most) r
   ${RUN_VERSION}
   ORDER BY wanted.place, r.id DESC`,
);

export interface LatestRunsRequest {
  readonly workflow: string;
  /** At most this many. */
  readonly limit: number;
}

/** @returns the latest runs for each request, newest first, in the order of the requests */
export async function latestRuns(sql: Sql, tenant: string, requests: readonly LatestRunsRequest[]): Promise<RunRow[][]> {
  const values = [tenant, requests.map(({ workflow }) => workflow), requests.map(({ limit }) => limit)];
  return byRequest(requests, await sql.query<RunRow & Answering>(LATEST_RUNS, values));
}
