/** How many signals of a name a run has that no wait has taken. Takes no lock: who sends at the same time is not counted. */
import { type Sql, statement } from '../sql.js';

export const COUNT_UNHEARD_SIGNALS = statement(
  'count-unheard-signals',
  `SELECT (
     (SELECT count(*) FILTER (WHERE type = 'signal.received') - count(*) FILTER (WHERE type = 'signal.heard') FROM journal
      WHERE tenant = $1 AND run_id = $2 AND type IN ('signal.received', 'signal.heard') AND payload ->> 'name' = $3)
     + (SELECT count(*) FROM inbox WHERE tenant = $1 AND run_id = $2 AND kind = 'signal.received' AND payload ->> 'name' = $3))::int AS count`,
);

/** @returns without those whose payload is kept apart, because it is large */
export async function countUnheardSignals(sql: Sql, tenant: string, runId: string, name: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(COUNT_UNHEARD_SIGNALS, [tenant, runId, name]);
  return row?.count ?? 0;
}
