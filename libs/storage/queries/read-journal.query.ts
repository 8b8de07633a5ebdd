/**
 * Reads the whole journals and the inboxes of claimed runs. Takes no lock: the claim's epoch already keeps everybody else from writing
 * facts, and inbox rows that come later raise `attention`, which the next flush reports. Only a message whose hold is over is told under
 * its lock (end-holds). Run by run (LATERAL), for the reason that the flush gives.
 */
import type { Json } from '@stepwell/contracts';
import type { Fact, InboxRow, RunRef } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { endHolds } from './end-holds.query.js';

const FACTS = `
   CROSS JOIN LATERAL (
     SELECT j.run_id, j.seq, j.type, j.version, j.path, j.iteration, j.attempt, j.at,
       CASE WHEN j.payload_blob IS NULL THEN j.payload
         ELSE (SELECT b.data FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob) END AS payload
     FROM journal j WHERE j.tenant = wanted.tenant AND j.run_id = wanted.id
     ORDER BY j.seq) AS f`;

export const READ_JOURNAL = statement('read-journal', `SELECT f.* FROM unnest($1::text[], $2::uuid[]) AS wanted(tenant, id) ${FACTS}`);

/** Of one answer, as they are stored: JSON is compressed to a half or a quarter, so it is some 16 MB of text at most. */
const ANSWER_BYTES = 4 * 1024 * 1024;
/** What is beside the payload of a fact. */
const HEADER_BYTES = 200;

/** The sizes are known without reading what was moved out of the row. The first run is read whole, whatever its size. */
export const READ_JOURNALS_THAT_FIT = statement(
  'read-journals-that-fit',
  `WITH sized AS MATERIALIZED (
     SELECT w.tenant, w.id, w.place, sum(size.bytes) OVER (ORDER BY w.place) AS bytes_so_far
     FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS w(tenant, id, place)
     CROSS JOIN LATERAL (
       SELECT sum(${HEADER_BYTES} + coalesce(pg_column_size(j.payload),
           (SELECT pg_column_size(b.data) FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob), 0)) AS bytes
       FROM journal j WHERE j.tenant = w.tenant AND j.run_id = w.id) AS size)
   SELECT f.* FROM (SELECT tenant, id FROM sized WHERE place = 1 OR bytes_so_far <= ${ANSWER_BYTES}) AS wanted ${FACTS}`,
);

export const READ_INBOX = statement(
  'read-inbox',
  `SELECT m.* FROM unnest($1::text[], $2::uuid[]) AS wanted(tenant, id)
   CROSS JOIN LATERAL (
     SELECT i.tenant, i.run_id, i.id, i.kind, i.payload, (extract(epoch FROM i.held_until) * 1000)::float8 AS held_until,
       (extract(epoch FROM i.held_until - clock_timestamp()) * 1000)::float8 AS held_ms
     FROM inbox i WHERE i.tenant = wanted.tenant AND i.run_id = wanted.id
     ORDER BY i.id) AS m`,
);

interface UnreadRow extends Omit<InboxRow, 'held'> {
  readonly tenant: string;
  readonly run_id: string;
  readonly held_until: number | null;
  readonly held_ms: number | null;
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
  return factsOf(await sql.query<FactRow>(READ_JOURNAL, keysOf(runs)));
}

/**
 * As `readJournals`, as far as they fit into one answer.
 *
 * @returns the facts, and of how many runs, from the first one on; at least of one, when there is any
 */
export async function readJournalsThatFit(
  sql: Sql,
  runs: readonly RunRef[],
): Promise<{ readonly journals: ReadonlyMap<string, readonly Fact[]>; readonly count: number }> {
  if (runs.length <= 1) return { journals: await readJournals(sql, runs), count: runs.length };
  const journals = factsOf(await sql.query<FactRow>(READ_JOURNALS_THAT_FIT, keysOf(runs)));
  return { journals, count: Math.max(1, runs.findLastIndex((run) => journals.has(run.id)) + 1) };
}

/** @returns the unread messages of each run, by run id, oldest first; a run without any is absent */
export async function readInboxes(sql: Sql, runs: readonly RunRef[]): Promise<Map<string, InboxRow[]>> {
  const rows = await sql.query<UnreadRow>(READ_INBOX, keysOf(runs));
  const due = rows.filter(({ held_ms: forMs }) => forMs !== null && forMs <= 0);
  const told = due.length === 0 ? new Set() : await endHolds(sql, due.map(({ tenant, run_id: runId, id }) => ({ tenant, runId, id }))); // prettier-ignore
  const there = due.length === told.size ? rows : rows.filter((row) => !due.includes(row) || told.has(row.id));
  return grouped(there, ({ tenant: _tenant, run_id: _, held_until: until, held_ms: forMs, ...message }) =>
    until !== null && forMs !== null && forMs > 0 ? { ...message, held: { until, forMs } } : message,
  );
}

function keysOf(runs: readonly RunRef[]): unknown[] {
  return [runs.map((run) => run.tenant), runs.map((run) => run.id)];
}

function factsOf(rows: readonly FactRow[]): Map<string, Fact[]> {
  return grouped(rows, ({ run_id: _, at, ...fact }) => ({ ...fact, at: at.getTime() }));
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
