/**
 * Who makes the next pass of the housekeeping: of any number of processes the one that moves its time on. Locks that one row, for a moment.
 */
import { type Sql, statement } from '../sql.js';

export const CLAIM_PASS = statement(
  'claim-pass',
  `WITH claimed AS (
     INSERT INTO housekeeping AS h (next_at) VALUES ($2) ON CONFLICT (only_row) DO UPDATE SET next_at = excluded.next_at
     WHERE h.next_at <= $1 OR h.next_at > excluded.next_at
     RETURNING next_at)
   SELECT EXISTS (SELECT FROM claimed) AS mine, coalesce((SELECT next_at FROM claimed), (SELECT next_at FROM housekeeping)) AS next_at`,
);

/**
 * @param now and the time of the pass after this one, in milliseconds since 1970. A pass that is due later than that comes from a clock
 *   that was ahead
 * @returns whether the pass is the caller's, and when to ask again
 */
export async function claimPass(sql: Sql, now: number, next: number): Promise<{ readonly mine: boolean; readonly nextAt: number }> {
  const [row] = await sql.query<{ mine: boolean; next_at: Date | null }>(CLAIM_PASS, [new Date(now), new Date(next)]);
  return { mine: row?.mine ?? false, nextAt: row?.next_at?.getTime() ?? next };
}

export const HASTEN_PASS = statement('hasten-pass', 'UPDATE housekeeping SET next_at = $1 WHERE next_at > $1');

/** The next pass comes at `at`, milliseconds since 1970, because this one has left something. */
export async function hastenPass(sql: Sql, at: number): Promise<void> {
  await sql.query(HASTEN_PASS, [new Date(at)]);
}
