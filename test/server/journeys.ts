/** How runs have come through a change of processes, by their own journals. */
import { BEATS_PER_LEASE, WORKER_DEFAULTS } from '@stepwell/runtime';
import type pg from 'pg';

/** So much of a lease is left, at the least, when its holder goes: who would have to wait for its end waits for as long. */
export const LEAST_LEASE_LEFT_MS = WORKER_DEFAULTS.leaseMs * (1 - 1 / BEATS_PER_LEASE);

export interface Journeys {
  readonly runs: number;
  /** Those that have completed, with one end and each step once. */
  readonly sound: number;
  /** The longest time between two facts of one of them, in milliseconds. */
  readonly longestMs: number;
}

const JOURNEYS = `
  SELECT count(*)::int AS runs,
    count(*) FILTER (WHERE r.status = 'completed' AND f.ends = 1 AND f.steps = f.paths)::int AS sound,
    max(f.longest)::int AS "longestMs"
  FROM runs r CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE type = 'run.ended') AS ends, count(*) FILTER (WHERE type = 'step.completed') AS steps,
      count(DISTINCT path) FILTER (WHERE type = 'step.completed') AS paths, max(extract(epoch FROM at - before) * 1000) AS longest
    FROM (SELECT type, path, at, lag(at) OVER (ORDER BY seq) AS before FROM journal WHERE tenant = r.tenant AND run_id = r.id) AS facts) AS f
  WHERE r.id = ANY ($1)`;

/** @param ids of runs that have all ended */
export async function journeysOf(pool: pg.Pool, ids: readonly string[]): Promise<Journeys> {
  const { rows } = await pool.query<Journeys>(JOURNEYS, [ids]);
  return rows[0] as Journeys;
}
