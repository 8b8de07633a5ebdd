/**
 * Pauses a run, and resumes it. Both are messages to its owner; a run that nobody advances has no owner, so its status says it at once. That
 * keeps it from the claim and from nothing else: its inbox goes on filling, and what is due then is due when it is resumed.
 *
 * Locks: the run row, as append-inbox does and for the same reasons. The key of the message is the attention that it raises: each of them
 * is another one. A run that is to be canceled is not paused any more, and a cancel takes a run out of its pause: by the trigger
 * `inbox_cancel`, in the commit of the message.
 */
import type { PauseMessage } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

const TELL = (kind: 'pause' | 'resume') => `
   told AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
     SELECT tenant, id, '${kind}.requested', '${kind}:' || attention, jsonb_build_object('by', $3::jsonb, 'reason', $4::text) FROM target)
   SELECT queue FROM target`;

export const PAUSE_RUN = statement(
  'pause-run',
  `WITH target AS (
     UPDATE runs
     SET attention = attention + 1, status = CASE status WHEN 'running' THEN status ELSE 'paused' END
     WHERE tenant = $1 AND id = $2 AND status IN ('queued', 'running', 'waiting') AND cancel_requested_at IS NULL
     RETURNING tenant, id, queue, attention),${TELL('pause')}`,
);

export const RESUME_RUN = statement(
  'resume-run',
  `WITH target AS (
     UPDATE runs
     SET attention = attention + 1, status = CASE status WHEN 'paused' THEN 'queued' ELSE status END
     WHERE tenant = $1 AND id = $2 AND status IN ('queued', 'running', 'paused')
     RETURNING tenant, id, queue, attention),${TELL('resume')}`,
);

/** @returns its queue; undefined when it is paused, is being canceled or has ended */
export function pauseRun(sql: Sql, message: PauseMessage): Promise<string | undefined> {
  return tell(sql, PAUSE_RUN, message);
}

/** @returns its queue; undefined when it waits or has ended */
export function resumeRun(sql: Sql, message: PauseMessage): Promise<string | undefined> {
  return tell(sql, RESUME_RUN, message);
}

async function tell(sql: Sql, text: typeof PAUSE_RUN, { tenant, runId, by, reason }: PauseMessage): Promise<string | undefined> {
  const [row] = await sql.query<{ queue: string }>(text, [tenant, runId, by === null ? null : JSON.stringify(by), reason]);
  return row?.queue;
}
