/**
 * Ends the hold of messages whose time is over, before their owner acts on them: a decision that an undo is just taking back is waited for,
 * and is not there any more; one that is told here cannot be taken back.
 *
 * Locks: the messages, by run and id. Who takes one back holds the run row and the task row before it, and waits for nothing behind it; a flush deletes
 * only messages that its own run has read. Message by message (LATERAL), for the reason that the flush gives.
 */
import { type Sql, statement } from '../sql.js';

export const END_HOLDS = statement(
  'end-holds',
  `WITH due AS MATERIALIZED (
     SELECT m.* FROM (SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[]) AS asked(tenant, run_id, id) ORDER BY run_id, id) AS asked
     CROSS JOIN LATERAL (
       SELECT i.tenant, i.run_id, i.id FROM inbox i WHERE i.tenant = asked.tenant AND i.run_id = asked.run_id AND i.id = asked.id
       FOR NO KEY UPDATE) AS m)
   UPDATE inbox i SET held_until = NULL
   WHERE i.tenant = ANY(ARRAY(SELECT tenant FROM due)) AND i.run_id = ANY(ARRAY(SELECT run_id FROM due)) AND i.id = ANY(ARRAY(SELECT id FROM due))
   RETURNING i.id`,
);

export interface DueMessage {
  readonly tenant: string;
  readonly runId: string;
  readonly id: string;
}

/** @returns the ids of those that are still there */
export async function endHolds(sql: Sql, due: readonly DueMessage[]): Promise<ReadonlySet<string>> {
  const keys = [due.map(({ tenant }) => tenant), due.map(({ runId }) => runId), due.map(({ id }) => id)];
  return new Set((await sql.query<{ id: string }>(END_HOLDS, keys)).map(({ id }) => id));
}
