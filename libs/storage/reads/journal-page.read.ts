/** The journal of a run for people: a page of its facts, and the payloads that lists show. Take no lock. */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

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

export const READ_JOURNAL_PAGE = statement(
  'read-journal-page',
  `SELECT j.seq, j.type, j.path, j.iteration, j.attempt, ${PAYLOAD} AS payload, j.at
   FROM journal j
   WHERE j.tenant = $1 AND j.run_id = $2 AND j.seq > $3
   ORDER BY j.seq
   LIMIT $4`,
);

/** @param after the sequence number of the last fact that is known; 0 for the first page */
export function readJournalPage(sql: Sql, tenant: string, runId: string, after: number, limit: number): Promise<FactPageRow[]> {
  return sql.query<FactPageRow>(READ_JOURNAL_PAGE, [tenant, runId, after, limit]);
}

export interface RunPayloads {
  readonly input: Json;
  /** Null while the run has not completed. */
  readonly output: Json;
}

/**
 * The first fact of a run holds its input, the end of a completed run its output. The end is the last fact but for late results of closed
 * attempts, so it is looked for from behind.
 */
export const READ_RUN_PAYLOADS = statement(
  'read-run-payloads',
  `SELECT j.run_id, j.type, ${PAYLOAD} AS payload
   FROM runs r
   CROSS JOIN LATERAL (
     (SELECT * FROM journal WHERE tenant = r.tenant AND run_id = r.id AND seq = 1)
     UNION ALL
     (SELECT * FROM journal WHERE tenant = r.tenant AND run_id = r.id AND type = 'run.ended' AND r.status = 'completed' ORDER BY seq DESC LIMIT 1)
   ) j
   WHERE r.tenant = $1 AND r.id = ANY($2::uuid[])`,
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
