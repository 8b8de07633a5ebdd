/** The facts of one node of a run, in some of its iterations. Takes no lock. */
import type { Json } from '@stepwell/contracts';
import type { Fact, RunRef } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const READ_NODE_FACTS = statement(
  'read-node-facts',
  `SELECT j.seq, j.type, j.version, j.path, j.iteration, j.attempt, j.at,
     CASE WHEN j.payload_blob IS NULL THEN j.payload
       ELSE (SELECT b.data FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob) END AS payload
   FROM journal j
   WHERE j.tenant = $1 AND j.run_id = $2 AND j.path = $3 AND j.iteration = ANY($4::text[])
   ORDER BY j.seq`,
);

type FactRow = Omit<Fact, 'at' | 'payload'> & { readonly at: Date; readonly payload: Json };

/** @returns in order */
export async function readNodeFacts(sql: Sql, { tenant, id }: RunRef, path: string, iterations: readonly string[]): Promise<Fact[]> {
  const rows = await sql.query<FactRow>(READ_NODE_FACTS, [tenant, id, path, iterations]);
  return rows.map(({ at, ...fact }) => ({ ...fact, at: at.getTime() }));
}
