/**
 * Whether a run is still held behind a step, for whoever is about to say in the same transaction that it goes on: what its owner has written
 * down since then is seen, and what it is about to write waits, so it reads the message before anything follows from that. What ended the run
 * that it retries is before `retry.started`, and ends this one no more.
 *
 * Locks: the run row, before the key by which a checkpoint is used once; the message to its inbox takes the same row again.
 */
import { type Sql, statement } from '../sql.js';

export const LOCK_HELD_RUN = statement(
  'lock-held-run',
  `SELECT id FROM runs WHERE tenant = $1 AND id = $2 AND status NOT IN ('completed', 'failed', 'canceled') FOR NO KEY UPDATE`,
);

export const STOPPED_BEING_HELD = statement(
  'stopped-being-held',
  `SELECT type FROM journal
   WHERE tenant = $1 AND run_id = $2
     AND seq > greatest($3::int, (SELECT max(seq) FROM journal WHERE tenant = $1 AND run_id = $2 AND type IN ('retry.started', 'fork.started')))
     AND (type IN ('cancel.requested', 'ending.began') OR type = 'step.passed' AND payload ->> 'seq' = $3::text)
   LIMIT 1`,
);

/**
 * @param seq of the output behind which it was held when somebody looked
 * @returns what has happened instead: it was passed, or is ending; undefined while it is held
 */
export async function lockHeldRun(sql: Sql, tenant: string, runId: string, seq: number): Promise<'passed' | 'ending' | undefined> {
  const [run] = await sql.query(LOCK_HELD_RUN, [tenant, runId]);
  if (!run) return 'ending';
  const [fact] = await sql.query<{ type: string }>(STOPPED_BEING_HELD, [tenant, runId, seq]);
  return fact && (fact.type === 'step.passed' ? 'passed' : 'ending');
}
