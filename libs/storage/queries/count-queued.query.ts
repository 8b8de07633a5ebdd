/**
 * How many runs are queued, by tenant, counted up to a bound: two walks over the indexes of queued runs, which have no entry of any other
 * run. In the whole order of the index, so that no plan is tempted to read the table. Takes no lock; asked every few seconds at most, and
 * only by a process that starts runs (see libs/runtime/runs/queue-gauge.ts).
 */
import { type Sql, statement } from '../sql.js';

export const COUNT_QUEUED = statement(
  'count-queued',
  `SELECT tenant, count(*)::int AS queued FROM (
     (SELECT tenant FROM runs WHERE status = 'queued' AND permit_key IS NULL ORDER BY queue, tenant, priority DESC, id LIMIT $1)
     UNION ALL
     (SELECT tenant FROM runs WHERE status = 'queued' AND permit_key IS NOT NULL
      ORDER BY queue, tenant, workflow, permit_key, priority DESC, id LIMIT $1)) AS one
   GROUP BY tenant`,
  { isPlannedAnew: true },
);

/** @param most counts no further than so many under a cap, and so many without; then those of some tenants are fewer than they are */
export async function countQueued(sql: Sql, most: number): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query<{ tenant: string; queued: number }>(COUNT_QUEUED, [most]);
  return new Map(rows.map(({ tenant, queued }) => [tenant, queued]));
}
