/**
 * Says what became of dead letters: somebody has laid them aside, or has started something in their place. Each is settled once; one that
 * has been retried or settled meanwhile is left as it is.
 *
 * Locks: the failed runs by id, FOR NO KEY UPDATE, so that of two who settle one the second finds it settled. Who puts a run in the place
 * of one does so in the same transaction, behind it.
 */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

/** As it is stored with the run. */
export interface Letter {
  readonly as: 'dismissed' | 'reinjected';
  /** The run in its place. */
  readonly runId: string | null;
  readonly by: Json;
  readonly reason: string | null;
  /** ISO 8601. */
  readonly at: string;
}

export const SETTLE_LETTERS = statement(
  'settle-letters',
  `WITH locked AS MATERIALIZED (
     SELECT r.id FROM (SELECT id FROM unnest($2::uuid[]) AS w(id) ORDER BY id) AS w
     CROSS JOIN LATERAL (
       SELECT r.id FROM runs r
       WHERE r.tenant = $1 AND r.id = w.id AND r.status = 'failed' AND r.retried_as IS NULL AND r.letter IS NULL
       FOR NO KEY UPDATE) AS r)
   UPDATE runs r SET letter = $3::jsonb || jsonb_build_object('at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
   FROM locked l WHERE r.tenant = $1 AND r.id = l.id
   RETURNING r.id`,
);

/** @returns the ids of those that were settled now */
export async function settleLetters(sql: Sql, tenant: string, ids: readonly string[], letter: Omit<Letter, 'at'>): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(SETTLE_LETTERS, [tenant, ids, JSON.stringify(letter)]);
  return rows.map(({ id }) => id);
}
