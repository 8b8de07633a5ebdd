/** What people said to runs while those lived: who, when and why. Takes no lock. */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface InterventionRow {
  readonly runId: string;
  readonly seq: number;
  readonly type: string;
  /** Of the node that it is about; of a stop, the step behind which the run stood. Empty: the whole run. */
  readonly path: string;
  readonly iteration: string;
  readonly by: Actor | null;
  readonly reason: string | null;
  readonly at: Date;
}

const TYPES = ['run.paused', 'run.resumed', 'stop.lifted', 'incident.retried', 'incident.resolved', 'context.updated', 'cancel.requested'];
/** Of a run, the newest; nobody has more to say to one. */
const MOST = 100;

/** Of what is too large to stand in its row (an input that was replaced), it is not told who said it. */
export const READ_INTERVENTIONS = statement(
  'read-interventions',
  `SELECT f.* FROM unnest($2::uuid[]) AS wanted(run_id)
   CROSS JOIN LATERAL (
     SELECT j.run_id AS "runId", j.seq, j.type, coalesce(stop.path, j.path) AS path, coalesce(stop.iteration, j.iteration) AS iteration,
       j.payload -> 'by' AS by, j.payload ->> 'reason' AS reason, j.at
     FROM journal j
     LEFT JOIN journal stop
       ON j.type = 'stop.lifted' AND stop.tenant = j.tenant AND stop.run_id = j.run_id AND stop.seq = (j.payload ->> 'seq')::int
     WHERE j.tenant = $1 AND j.run_id = wanted.run_id AND j.type = ANY($3::text[])
     ORDER BY j.seq DESC
     LIMIT $4) f
   ORDER BY f.seq`,
);

/** @returns for each run, in their order, what was said to it, oldest first */
export async function readInterventions(sql: Sql, tenant: string, runIds: readonly string[]): Promise<InterventionRow[][]> {
  const rows = await sql.query<InterventionRow>(READ_INTERVENTIONS, [tenant, runIds, TYPES, MOST]);
  return runIds.map((id) => rows.filter(({ runId }) => runId === id));
}
