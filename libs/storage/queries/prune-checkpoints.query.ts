/**
 * Lets go of the checkpoints of a run before a number: they are not shown any more, and nothing goes on from them. What steps had saved there
 * and nobody needs, because up to the first place that stays the same step has saved something newer or has come to an output, is taken out of
 * the journal; everything else of it is the run's history, and stays. Blobs that nothing refers to any more are swept with all such.
 *
 * Locks: the run's row, as the flush of its owner does; then rows of its journal that no flush touches.
 */
import { CHECKPOINT_FACTS } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const PRUNE_CHECKPOINTS = statement(
  'prune-checkpoints',
  `WITH before AS MATERIALIZED (
     SELECT coalesce(checkpoints_from, 0) AS first FROM runs WHERE tenant = $1 AND id = $2 FOR NO KEY UPDATE),
   pruned AS (
     UPDATE runs SET checkpoints_from = $3 WHERE tenant = $1 AND id = $2 AND (SELECT first FROM before) < $3),
   emptied AS (
     UPDATE journal j SET payload = '{}', payload_blob = NULL
     WHERE j.tenant = $1 AND j.run_id = $2 AND j.seq < $3 AND j.type = 'checkpoint.saved' AND EXISTS (SELECT FROM before)
       AND EXISTS (
         SELECT FROM journal k WHERE k.tenant = $1 AND k.run_id = $2 AND k.seq > j.seq AND k.seq <= $3 AND k.path = j.path AND k.iteration = j.iteration
           AND k.type IN ('checkpoint.saved', 'step.completed', 'incident.resolved')))
   SELECT (SELECT count(*) FROM journal WHERE tenant = $1 AND run_id = $2 AND seq >= first AND seq < $3 AND type = ANY($4::text[]))::int AS pruned
   FROM before`,
);

/** @returns how many are not shown any more; undefined when there is no such run */
export async function pruneCheckpoints(sql: Sql, tenant: string, runId: string, before: number): Promise<number | undefined> {
  const [row] = await sql.query<{ pruned: number }>(PRUNE_CHECKPOINTS, [tenant, runId, before, CHECKPOINT_FACTS]);
  return row?.pruned;
}
