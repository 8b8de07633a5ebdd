/**
 * The whole journals of a page of runs, as far as they fit into a bound: a list must stay cheap however long its runs are. Takes no lock.
 *
 * The bytes are those that are stored, perhaps compressed, and are counted without reading what was moved out of the row. Run by run
 * (LATERAL), so that no plan reads a whole table.
 */
import type { Json } from '@stepwell/contracts';
import type { Fact } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

/** Of one run: hundreds of steps with small outputs. An emitter with thousands of batches passes it. */
const MAX_RUN_BYTES = 512 * 1024;
/** Of all runs of a page: a hundred ordinary ones are below 1 MB. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

export const READ_BOUNDED_JOURNALS = statement(
  'read-bounded-journals',
  `WITH sized AS (
     SELECT wanted.id, size.bytes, sum(size.bytes) FILTER (WHERE size.bytes <= $3) OVER (ORDER BY wanted.place) AS bytes_so_far
     FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(id, place)
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(coalesce(pg_column_size(j.payload),
           (SELECT pg_column_size(b.data) FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob), 0)), 0) AS bytes
       FROM journal j WHERE j.tenant = $1 AND j.run_id = wanted.id) size)
   SELECT f.* FROM sized
   CROSS JOIN LATERAL (
     SELECT j.run_id, j.seq, j.type, j.version, j.path, j.iteration, j.attempt, j.at,
       CASE WHEN j.payload_blob IS NULL THEN j.payload
         ELSE (SELECT b.data FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob) END AS payload
     FROM journal j WHERE j.tenant = $1 AND j.run_id = sized.id
     ORDER BY j.seq) f
   WHERE sized.bytes <= $3 AND sized.bytes_so_far <= $4`,
);

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

/** @returns the facts of each run, by run id, in order; a run whose journal is too long is absent */
export async function readBoundedJournals(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Fact[]>> {
  const rows = await sql.query<FactRow>(READ_BOUNDED_JOURNALS, [tenant, ids, MAX_RUN_BYTES, MAX_PAGE_BYTES]);
  const journals = new Map<string, Fact[]>();
  for (const { run_id, at, ...fact } of rows) {
    const facts = journals.get(run_id);
    if (facts) facts.push({ ...fact, at: at.getTime() });
    else journals.set(run_id, [{ ...fact, at: at.getTime() }]);
  }
  return journals;
}
