/** The journals of runs for people: pages of facts, and the payloads that lists show. Take no lock. */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { type Answering, byRequest } from './by-request.js';

export interface FactPageRow {
  readonly seq: number;
  readonly type: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly payload: Json;
  readonly at: Date;
}

const PAYLOAD = `CASE WHEN j.payload_blob IS NULL THEN j.payload
  ELSE (SELECT b.data FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob) END`;

export const READ_JOURNAL_PAGES = statement(
  'read-journal-pages',
  `SELECT f.* FROM unnest($2::uuid[], $3::int[], $4::int[]) WITH ORDINALITY AS wanted(run_id, after, most, place)
   CROSS JOIN LATERAL (
     SELECT wanted.place::int - 1 AS of, j.seq, j.type, j.path, j.iteration, j.attempt, ${PAYLOAD} AS payload, j.at
     FROM journal j
     WHERE j.tenant = $1 AND j.run_id = wanted.run_id AND j.seq > wanted.after
     ORDER BY j.seq
     LIMIT wanted.most) f
   ORDER BY f.of, f.seq`,
);

export interface JournalPageRequest {
  readonly runId: string;
  /** The sequence number of the last fact that is known; 0 for the first page. */
  readonly after: number;
  /** At most this many. */
  readonly limit: number;
}

/** @returns a page for each request, in their order */
export async function readJournalPages(sql: Sql, tenant: string, pages: readonly JournalPageRequest[]): Promise<FactPageRow[][]> {
  const values = [tenant, pages.map(({ runId }) => runId), pages.map(({ after }) => after), pages.map(({ limit }) => limit)];
  return byRequest(pages, await sql.query<FactPageRow & Answering>(READ_JOURNAL_PAGES, values));
}

export interface RunPayloads {
  readonly input: Json;
  /** Null while the run has not completed. */
  readonly output: Json;
}

/**
 * The first fact of a run holds its input, unless a fork has changed it; the end of a completed run its output. The end is the last fact but for late results of closed
 * attempts, so it is looked for from behind.
 */
export const READ_RUN_PAYLOADS = statement(
  'read-run-payloads',
  `SELECT j.run_id, j.type, ${PAYLOAD} AS payload
   FROM runs r
   CROSS JOIN LATERAL (
     (SELECT * FROM journal WHERE tenant = r.tenant AND run_id = r.id AND seq = 1)
     UNION ALL
     (SELECT * FROM journal WHERE tenant = r.tenant AND run_id = r.id AND type = 'fork.started' AND payload ? 'input' AND r.started_by = 'fork' ORDER BY seq DESC LIMIT 1)
     UNION ALL
     (SELECT * FROM journal WHERE tenant = r.tenant AND run_id = r.id AND type = 'run.ended' AND r.status = 'completed' ORDER BY seq DESC LIMIT 1)
   ) j
   WHERE r.tenant = $1 AND r.id = ANY($2::uuid[])
   ORDER BY j.run_id, j.seq`,
);

export async function readRunPayloads(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, RunPayloads>> {
  const rows = await sql.query<{ run_id: string; type: string; payload: { input?: Json; output?: Json } }>(READ_RUN_PAYLOADS, [
    tenant,
    ids,
  ]);
  const payloads = new Map<string, RunPayloads>();
  for (const { run_id, type, payload } of rows) {
    const before = payloads.get(run_id) ?? { input: null, output: null };
    payloads.set(
      run_id,
      type === 'run.ended' ? { ...before, output: payload.output ?? null } : { ...before, input: payload.input ?? null },
    );
  }
  return payloads;
}
