/**
 * Records what events did at their consumers, many in one statement, by compare-and-set: a delivery is settled while it is pending and
 * has seen as many attempts as the caller knows of. Only the winner may insert the run, in the same transaction.
 *
 * Locks: the deliveries in key order, before any key of run_keys and any new run: two workers that evaluated the same delivery meet
 * here, one waits, and then finds it settled.
 * Each is looked up by its key alone (LATERAL), and whether it is pending is asked of what was found: of the index of what is pending a plan
 * of a quiet hour supposes that it has one row, and would read all of it.
 */
import type { DeliveryKey } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export interface DeliveryOutcome extends DeliveryKey {
  /** Attempts known to the caller, this one not counted. */
  readonly attempts: number;
  /** `pending` means: try again after `delayMs`. */
  readonly status: 'pending' | 'started' | 'declined' | 'failed';
  readonly delayMs: number;
  readonly version: number;
  readonly runId: string | null;
  readonly error: string | null;
}

export const SETTLE_DELIVERIES = statement(
  'settle-deliveries',
  `WITH wanted AS (
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::float8[], $7::int[], $8::uuid[], $9::text[])
       AS w(tenant, event_id, consumer, attempts, status, delay_ms, version, run_id, error)),
   locked AS MATERIALIZED (
     SELECT w.*, d.was, d.had FROM (SELECT * FROM wanted ORDER BY tenant COLLATE "C", event_id, consumer COLLATE "C") AS w
     CROSS JOIN LATERAL (
       SELECT d.status AS was, d.attempts AS had FROM event_deliveries d
       WHERE d.tenant = w.tenant AND d.event_id = w.event_id AND d.consumer = w.consumer
       FOR NO KEY UPDATE) AS d)
   UPDATE event_deliveries d
   SET status = l.status, attempts = l.attempts + 1, version = l.version, run_id = l.run_id, error = l.error,
     next_attempt_at = CASE l.status WHEN 'pending' THEN clock_timestamp() + l.delay_ms * interval '1 millisecond' ELSE d.next_attempt_at END,
     decided_at = CASE l.status WHEN 'pending' THEN NULL ELSE clock_timestamp() END
   FROM locked l WHERE l.was = 'pending' AND l.had = l.attempts AND d.tenant = l.tenant AND d.event_id = l.event_id AND d.consumer = l.consumer
   RETURNING d.tenant, d.event_id, d.consumer`,
);

/** @returns the deliveries that the caller won; the others were settled by somebody else */
export async function settleDeliveries(sql: Sql, outcomes: readonly DeliveryOutcome[]): Promise<DeliveryKey[]> {
  const column = <T>(read: (outcome: DeliveryOutcome) => T): T[] => outcomes.map(read);
  return sql.query<DeliveryKey>(SETTLE_DELIVERIES, [
    column((one) => one.tenant),
    column((one) => one.event_id),
    column((one) => one.consumer),
    column((one) => one.attempts),
    column((one) => one.status),
    column((one) => one.delayMs),
    column((one) => one.version),
    column((one) => one.runId),
    column((one) => one.error),
  ]);
}

/** A delivery whose start used a key that an earlier start had used. */
export interface RepeatedDelivery extends DeliveryKey {
  readonly workflow: string;
  readonly key: string;
}

export const MARK_DUPLICATES = statement(
  'mark-duplicates',
  `UPDATE event_deliveries d SET status = 'duplicate', run_id = k.run_id
   FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[]) AS w(tenant, event_id, consumer, workflow, key)
   JOIN run_keys k ON k.tenant = w.tenant AND k.workflow = w.workflow AND k.key = w.key
   WHERE d.tenant = w.tenant AND d.event_id = w.event_id AND d.consumer = w.consumer`,
);

/** In the transaction that has just won the deliveries (so their rows are locked): each points to the run that used its key first. */
export async function markDuplicates(sql: Sql, repeated: readonly RepeatedDelivery[]): Promise<void> {
  const column = <T>(read: (one: RepeatedDelivery) => T): T[] => repeated.map(read);
  await sql.query(MARK_DUPLICATES, [
    column((one) => one.tenant),
    column((one) => one.event_id),
    column((one) => one.consumer),
    column((one) => one.workflow),
    column((one) => one.key),
  ]);
}
