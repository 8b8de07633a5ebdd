/**
 * The caps of the hosted workflows, and permits that nobody can be holding.
 *
 * Locks: registering takes the rows of its workflows, in the order of their names. The sweep takes permits SKIP LOCKED: what a commit is
 * just freeing is not waited for. A permit and the status of its run change in one commit, so a snapshot in which they do not fit has
 * found a leak: a row that somebody changed by hand, or a fault of ours.
 */
import type { CapRow, LeakedPermit } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const REGISTER_CAPS = statement(
  'register-caps',
  `WITH hosted AS (
     SELECT * FROM unnest($1::text[], $2::int[], $3::text[]) AS h(workflow, capacity, held_until)),
   lifted AS (
     UPDATE caps c SET capacity = NULL FROM hosted h WHERE c.workflow = h.workflow AND h.capacity IS NULL RETURNING c.workflow),
   written AS (
     INSERT INTO caps (workflow, capacity, held_until) SELECT * FROM hosted WHERE capacity IS NOT NULL ORDER BY workflow
     ON CONFLICT (workflow) DO UPDATE SET capacity = excluded.capacity, held_until = excluded.held_until
     RETURNING workflow)
   SELECT (SELECT count(*) FROM lifted)::int + (SELECT count(*) FROM written)::int AS capped`,
);

/**
 * At the start of a worker; in a rolling deploy the version that starts last counts. It holds for every claim that begins after this.
 *
 * @returns how many of the workflows have a cap, or had one
 */
export async function registerCaps(sql: Sql, hosted: readonly CapRow[]): Promise<number> {
  const [row] = await sql.query<{ capped: number }>(REGISTER_CAPS, [
    hosted.map((cap) => cap.workflow),
    hosted.map((cap) => cap.capacity),
    hosted.map((cap) => cap.heldUntil),
  ]);
  return row?.capped ?? 0;
}

export const SWEEP_PERMITS = statement(
  'sweep-permits',
  `DELETE FROM permits WHERE ctid = ANY(ARRAY(
     SELECT p.ctid FROM permits p
     WHERE coalesce((
       SELECT r.status <> 'running' AND (p.held_until = 'wait' OR r.status IN ('completed', 'failed', 'canceled'))
       FROM runs r WHERE r.tenant = p.tenant AND r.id = p.run_id), true)
     FOR UPDATE OF p SKIP LOCKED))
   RETURNING tenant, workflow, key, run_id`,
);

/** Frees the permits whose run is not at work (or, of a singleton, has ended). @returns what was freed: each is a fault worth a look */
export async function sweepPermits(sql: Sql): Promise<LeakedPermit[]> {
  return sql.query(SWEEP_PERMITS, []);
}
