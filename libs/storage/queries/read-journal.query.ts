/**
 * Reads the whole journal and the inbox of claimed runs. Takes no lock: the claim's epoch already keeps everybody else from writing
 * facts, and inbox rows that come later raise `attention`, which the next flush reports. Run by run (LATERAL), for the reason that the
 * flush gives.
 */
import type { Json } from '@stepwell/contracts';
import type { Fact, InboxRow } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const READ_JOURNAL = statement(
  'read-journal',
  `SELECT f.* FROM unnest($1::text[], $2::uuid[]) AS wanted(tenant, id)
   CROSS JOIN LATERAL (
     SELECT j.run_id, j.seq, j.type, j.version, j.path, j.iteration, j.attempt, j.at,
       CASE WHEN j.payload_blob IS NULL THEN j.payload
         ELSE (SELECT b.data FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob) END AS payload
     FROM journal j WHERE j.tenant = wanted.tenant AND j.run_id = wanted.id
     ORDER BY j.seq) AS f`,
);

export const READ_INBOX = statement(
  'read-inbox',
  `SELECT m.* FROM unnest($1::text[], $2::uuid[]) AS wanted(tenant, id)
   CROSS JOIN LATERAL (
     SELECT i.run_id, i.id, i.kind, i.payload FROM inbox i WHERE i.tenant = wanted.tenant AND i.run_id = wanted.id
     ORDER BY i.id) AS m`,
);

export interface RunRef {
  readonly tenant: string;
  readonly id: string;
}

interface FactRow {
  readonly run_id: string;
  readonly seq: number;
  readonly type: string;
  readonly version: number;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly at: Date;
  readonly payload: Json;
}

/** @returns the facts of each run, by run id, in order */
export async function readJournals(sql: Sql, runs: readonly RunRef[]): Promise<Map<string, Fact[]>> {
  const rows = await sql.query<FactRow>(READ_JOURNAL, [runs.map((run) => run.tenant), runs.map((run) => run.id)]);
  return grouped(rows, ({ run_id: _, at, ...fact }) => ({ ...fact, at: at.getTime() }));
}

/** @returns the unread messages of each run, by run id, oldest first; a run without any is absent */
export async function readInboxes(sql: Sql, runs: readonly RunRef[]): Promise<Map<string, InboxRow[]>> {
  const rows = await sql.query<InboxRow & { readonly run_id: string }>(READ_INBOX, [
    runs.map((run) => run.tenant),
    runs.map((run) => run.id),
  ]);
  return grouped(rows, ({ run_id: _, ...message }) => message);
}

function grouped<Row extends { readonly run_id: string }, T>(rows: readonly Row[], map: (row: Row) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.run_id);
    if (group) group.push(map(row));
    else groups.set(row.run_id, [map(row)]);
  }
  return groups;
}
