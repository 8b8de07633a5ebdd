/**
 * Says something to a run: the only way for anybody but its lease owner (engine rule 1).
 *
 * Locks: the run row (before any task row: lock order runs, tasks). It raises `attention` unconditionally, so that an owner that is just
 * giving up its lease loses the compare-and-set and reads the inbox again; a waiting run becomes queued. It never says
 * WHERE status = 'waiting': that would neither see nor wait for an owner whose step to waiting is not yet committed. A message that is held
 * wakes the run as any other does: its owner then knows when to read it.
 */
import type { AppendOutcome, InboxMessage } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const APPEND_INBOX = statement(
  'append-inbox',
  `WITH target AS (
     UPDATE runs
     SET attention = attention + 1, status = CASE status WHEN 'waiting' THEN 'queued' ELSE status END
     WHERE tenant = $1 AND id = $2 AND status NOT IN ('completed', 'failed', 'canceled')
     RETURNING tenant, id, queue),
   appended AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload, held_until)
     SELECT tenant, id, $3, $4, $5::jsonb, clock_timestamp() + $6 * interval '1 millisecond' FROM target
     ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING
     RETURNING run_id)
   SELECT target.queue, EXISTS (SELECT FROM appended) AS appended FROM target`,
);

/** Appends one message; the caller sends the wake-up after its commit. */
export async function appendInbox(sql: Sql, message: InboxMessage): Promise<AppendOutcome> {
  const [row] = await sql.query<{ queue: string; appended: boolean }>(APPEND_INBOX, [
    message.tenant,
    message.runId,
    message.kind,
    message.dedupeKey,
    JSON.stringify(message.payload ?? null),
    message.holdMs ?? null,
  ]);
  return row ? { kind: 'accepted', appended: row.appended, queue: row.queue } : { kind: 'run-ended' };
}
