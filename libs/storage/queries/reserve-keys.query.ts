/**
 * Reserves idempotency keys for runs that the same transaction is about to insert: for a listener that takes each event key only once,
 * beside the key that its decision may carry for the run.
 *
 * Locks: the keys' rows in run_keys; a second reservation of a key waits for the first one's commit and then gets nothing. Callers sort
 * by key, and reserve before they insert keyed runs, so that two batches cannot deadlock.
 */
import { type Sql, statement } from '../sql.js';

export interface KeyReservation {
  readonly tenant: string;
  readonly workflow: string;
  readonly key: string;
  readonly runId: string;
}

/** Days that the text of a checkpoint may be good; that it was used is known for longer. */
export const MOST_CHECKPOINT_DAYS = 90;
/** A checkpoint is used once: whoever goes on from it reserves this. */
export const usedCheckpointKey = (nonce: string): string => `checkpoint ${nonce}`;

export const RESERVE_KEYS = statement(
  'reserve-keys',
  `INSERT INTO run_keys (tenant, workflow, key, run_id)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[])
   ON CONFLICT DO NOTHING RETURNING run_id`,
);

/** @returns the runs whose keys were free */
export async function reserveKeys(sql: Sql, reservations: readonly KeyReservation[]): Promise<ReadonlySet<string>> {
  const column = <T>(read: (one: KeyReservation) => T): T[] => reservations.map(read);
  const rows = await sql.query<{ run_id: string }>(RESERVE_KEYS, [
    column((one) => one.tenant),
    column((one) => one.workflow),
    column((one) => one.key),
    column((one) => one.runId),
  ]);
  return new Set(rows.map((row) => row.run_id));
}

export const REPOINT_KEYS = statement(
  'repoint-keys',
  `UPDATE run_keys k SET run_id = first.run_id
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS w(tenant, workflow, key, used)
   JOIN run_keys first ON first.tenant = w.tenant AND first.workflow = w.workflow AND first.key = w.used
   WHERE k.tenant = w.tenant AND k.workflow = w.workflow AND k.key = w.key`,
);

/** A key reserved in this transaction for a run that was not inserted, because another key of it had been used: both lead to that first run. */
export async function repointKeys(
  sql: Sql,
  repeated: readonly { tenant: string; workflow: string; key: string; used: string }[],
): Promise<void> {
  await sql.query(REPOINT_KEYS, [
    repeated.map((one) => one.tenant),
    repeated.map((one) => one.workflow),
    repeated.map((one) => one.key),
    repeated.map((one) => one.used),
  ]);
}
