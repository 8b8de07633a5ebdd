/**
 * The sweep that gives the runs of dead workers back: continuous, never once at boot only.
 *
 * Orphaned is whatever is leased to a worker that does not live: one that has just been found expired, one that has ended, however long
 * ago, or one that is not known at all (a zombie may insert a run leased to itself after it was declared dead).
 *
 * To find a worker expired is a judgment, and the judge names itself: its own lease must hold by the same clock. A worker that is not sure
 * of having been heard itself judges nobody, and gives back only what the database already knows to be nobody's. Nor does one that the
 * database has not heard for half a lease, whatever it thinks (its machine stood still, or the statement was long on its way), nor one in
 * isolation, whose lease is long.
 *
 * Locks: expired worker rows, then orphaned run (or dispatch) rows FOR NO KEY UPDATE SKIP LOCKED in limited batches. They are found in
 * the snapshot and locked only if they still carry the epoch that was seen: a run that a new worker claims at this moment is not taken
 * from it, although the snapshot does not know that worker. Raising the epoch waits for (by the row lock of the flush) or fences
 * whatever the dead worker still has in flight.
 *
 * Who was found expired is blamed on what he held: with the second such crash a run needs isolation (see suspicion.ts). A worker that
 * ended in order, and one that is not known, count for nothing; so does one that worked in isolation, whose own parent tells how it ended.
 */
import type { TakenOver } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { BLAME } from '../suspicion.js';

const ORPHANS = (table: 'runs' | 'dispatches') => `
WITH expired AS (
  UPDATE workers SET ended_at = clock_timestamp(), crashed = NOT 'isolated' = ANY(roles)
  WHERE ended_at IS NULL AND expires_at < clock_timestamp()
    AND EXISTS (SELECT FROM workers judge WHERE judge.id = $2 AND judge.ended_at IS NULL AND NOT 'isolated' = ANY(judge.roles)
      AND judge.heard_at > clock_timestamp() - (judge.expires_at - judge.heard_at) / 2)
  RETURNING id, crashed),
candidates AS MATERIALIZED (
  SELECT t.tenant, t.id, t.epoch FROM ${table} t
  WHERE t.status = 'running'
    AND (t.worker IN (SELECT id FROM expired) OR NOT EXISTS (SELECT FROM workers w WHERE w.id = t.worker AND w.ended_at IS NULL))
  LIMIT $1),
orphans AS (
  SELECT t.tenant, t.id, t.worker IN (SELECT id FROM expired WHERE crashed UNION ALL SELECT id FROM workers WHERE crashed) AS crashed
  FROM candidates c JOIN ${table} t ON t.tenant = c.tenant AND t.id = c.id
  WHERE t.status = 'running' AND t.epoch = c.epoch
  FOR NO KEY UPDATE OF t SKIP LOCKED)`;

export const TAKE_OVER_RUNS = statement(
  'take-over-runs',
  `${ORPHANS('runs')}
   UPDATE runs r SET status = 'queued', worker = NULL, epoch = r.epoch + 1, ${BLAME('r')}
   FROM orphans o WHERE r.tenant = o.tenant AND r.id = o.id
   RETURNING r.queue`,
);

export const TAKE_OVER_DISPATCHES = statement(
  'take-over-dispatches',
  `${ORPHANS('dispatches')}
   UPDATE dispatches d SET status = 'queued', worker = NULL, epoch = d.epoch + 1, ${BLAME('d')}
   FROM orphans o WHERE d.tenant = o.tenant AND d.id = o.id
   RETURNING d.queue`,
);

/** @param judge the worker that may declare others dead; null when none may be */
export async function takeOver(sql: Sql, limit: number, judge: string | null): Promise<TakenOver> {
  const runs = await sql.query<{ queue: string }>(TAKE_OVER_RUNS, [limit, judge]);
  const dispatches = await sql.query<{ queue: string }>(TAKE_OVER_DISPATCHES, [limit, judge]);
  return { queues: new Set([...runs, ...dispatches].map((row) => row.queue)), isFull: Math.max(runs.length, dispatches.length) >= limit };
}
