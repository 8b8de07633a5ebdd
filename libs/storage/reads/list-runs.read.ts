/**
 * A page of runs, newest first. Ids are UUIDv7, so the id is the key of the page: no offset, and a run that starts meanwhile shifts
 * nothing. Takes no lock. Two texts, because one plan serves all values: with a workflow its own index leads.
 */
import type { RunStatus } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { type Answering, byRequest } from './by-request.js';
import { RUN_COLUMNS, RUN_VERSION, type RunRow } from './run-row.js';

const ANY_UUID = "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid";

const listText = (name: string, workflow: string) =>
  statement(
    name,
    `SELECT ${RUN_COLUMNS}
     FROM (SELECT * FROM runs WHERE tenant = $1 AND id < coalesce($2::uuid, ${ANY_UUID}) AND ($4::text[] IS NULL OR status = ANY($4)) ${workflow} ORDER BY id DESC LIMIT $3) r
     ${RUN_VERSION}
     ORDER BY r.id DESC`,
  );

export const LIST_RUNS = listText('list-runs', '');
export const LIST_RUNS_OF_WORKFLOW = listText('list-runs-of-workflow', 'AND workflow = $5');

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

export interface RunListRequest {
  /** At most this many. */
  readonly limit: number;
  /** Runs older than this one only. */
  readonly before: string | null;
  readonly status: readonly RunStatus[] | null;
  readonly workflow: string | null;
}

export async function listRuns(sql: Sql, tenant: string, { limit, before, status, workflow }: RunListRequest): Promise<RunRow[]> {
  const values = [tenant, before, limit, status];
  return workflow === null ? sql.query<RunRow>(LIST_RUNS, values) : sql.query<RunRow>(LIST_RUNS_OF_WORKFLOW, [...values, workflow]);
}
