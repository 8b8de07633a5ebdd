/**
 * Takes the result that a run waits for: a message in its inbox, as `append-inbox` would write it, unless there was a result before. All in
 * one statement, so that it costs one commit; and who asks for it with room to spare gets the run, if it waits, and need not claim it.
 *
 * Locks: the run row. "Settled before" is read from the journal in the snapshot of the statement, which may be older than the lock; so the
 * run's last_seq is read in both. When they are the same the journal of the snapshot is whole, and cannot change under the lock; when they
 * differ nothing is written, and the caller asks again. The inbox needs no such care: a conflict of keys is found whatever the snapshot.
 * The run is taken as `claim-runs` takes it, and under the same conditions; its journal is read by a later statement.
 */
import type { Claimant, ClaimedRun } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export interface AsyncResultMessage {
  readonly tenant: string;
  readonly runId: string;
  /** Of the async result; unique in the run. */
  readonly id: string;
  readonly payload: unknown;
}

export type SettleOutcome =
  /** `claimed` when the claimant has the run now; else `queue` is where to send the wake-up. */
  | { readonly kind: 'accepted'; readonly queue: string; readonly claimed: ClaimedRun | undefined }
  | { readonly kind: 'settled-before' }
  | { readonly kind: 'no-live-run' };

export const SETTLE_ASYNC_RESULT = statement(
  'settle-async-result',
  `WITH seen AS (
     SELECT last_seq FROM runs WHERE tenant = $1 AND id = $2),
   locked AS MATERIALIZED (
     SELECT tenant, id, last_seq, status = 'waiting' AND permit_key IS NULL AND queue = ANY($7::text[]) AND needs = ANY($8::text[]) AS is_free
     FROM runs WHERE tenant = $1 AND id = $2 AND status NOT IN ('completed', 'failed', 'canceled')
     FOR NO KEY UPDATE),
   target AS MATERIALIZED (
     SELECT l.*, l.last_seq = (SELECT last_seq FROM seen) AS is_whole, EXISTS (
       SELECT FROM journal j
       LEFT JOIN blobs b ON b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob
       WHERE j.tenant = $1 AND j.run_id = $2 AND j.type = 'async-result.settled' AND coalesce(j.payload, b.data) ->> 'id' = $3) AS is_settled
     FROM locked l),
   appended AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
     SELECT tenant, id, 'async-result.settled', $4, $5::jsonb FROM target WHERE is_whole AND NOT is_settled
     ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING
     RETURNING tenant, run_id),
   told AS (
     UPDATE runs r SET
       attention = r.attention + 1,
       status = CASE WHEN t.is_free THEN 'running' WHEN r.status = 'waiting' THEN 'queued' ELSE r.status END,
       worker = CASE WHEN t.is_free THEN $6::uuid ELSE r.worker END,
       epoch = CASE WHEN t.is_free THEN r.epoch + 1 ELSE r.epoch END,
       due_at = CASE WHEN t.is_free THEN NULL ELSE r.due_at END,
       wait_reasons = CASE WHEN t.is_free THEN '{}' ELSE r.wait_reasons END
     FROM appended a, target t
     WHERE r.tenant = a.tenant AND r.id = a.run_id
     RETURNING t.is_free, r.tenant, r.id, r.workflow, r.version, r.queue, r.epoch, r.attention, r.last_seq, r.lineage_root, r.actor, r.parent_run)
   SELECT target.is_whole, told.* FROM target LEFT JOIN told ON true`,
);

/** Settles once; the caller sends the wake-up, or goes on with the claimed run. @param claimant null when nobody here has room */
export async function settleAsyncResult(sql: Sql, message: AsyncResultMessage, claimant: Claimant | null): Promise<SettleOutcome> {
  const { tenant, runId, id, payload } = message;
  const values = [
    tenant,
    runId,
    id,
    `async-result:${id}`,
    JSON.stringify(payload),
    claimant?.worker,
    claimant?.queues ?? [],
    claimant?.needs ?? [],
  ];
  for (;;) {
    const [row] = await sql.query<SettledRow>(SETTLE_ASYNC_RESULT, values);
    if (!row) return { kind: 'no-live-run' };
    // Its owner has just written to the journal; by the next snapshot that is seen.
    if (!row.is_whole) continue;
    if (row.id === null) return { kind: 'settled-before' };
    const { is_whole: _, is_free: isClaimed, ...run } = row;
    return { kind: 'accepted', queue: run.queue, claimed: isClaimed ? { ...run, due_at: null } : undefined };
  }
}

type SettledRow = { readonly is_whole: boolean } & ({ readonly id: null } | ({ readonly is_free: boolean } & Omit<ClaimedRun, 'due_at'>));
