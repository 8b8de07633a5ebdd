/** What steps that do harm have come to: how many runs by harm have ended, or were put aside, at the step that does it. */
import type { Database } from '../crash/database.js';
import type { Harm } from './workflows/harms.js';

/** That each ends as it must is an own check; here it counts when the step that does harm has left a fact. */
const POISONED = `SELECT s.payload -> 'input' ->> 'harm' AS harm, count(*)::int AS n FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1
  WHERE r.workflow = 'poison' AND (r.ended_at IS NOT NULL OR r.wait_reasons = '{incident}')
    AND EXISTS (SELECT FROM journal j WHERE j.run_id = r.id AND j.path = 'harm') GROUP BY 1`;

export async function countPoisoned(database: Database): Promise<Partial<Record<Harm, number>>> {
  const rows = await database.surely<{ harm: Harm; n: number }>(POISONED);
  return Object.fromEntries(rows.map(({ harm, n }) => [harm, n]));
}
