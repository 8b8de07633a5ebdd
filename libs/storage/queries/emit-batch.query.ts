/**
 * One batch of an emitter: its cursor, which of its record keys are new, and its rows in the ledger.
 *
 * Locks, after the emitter's run row (see lock-run): the cursor, moved by compare-and-set, so that two runs of one emitter never both
 * keep the same stretch of the source; then the emissions rows of its keys (callers sort records by key). A key that another emitter
 * run is inserting at the same time is waited for and then found to be a duplicate.
 */
import type { LedgerRow } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const CLAIM_KEYS = statement(
  'claim-record-keys',
  `INSERT INTO emissions (tenant, emitter, record_key, run_id)
   SELECT $1, $2, k.record_key, k.run_id FROM unnest($3::text[], $4::uuid[]) AS k(record_key, run_id)
   ON CONFLICT DO NOTHING RETURNING record_key`,
);

/** @returns the keys that were never emitted before */
export async function claimRecordKeys(
  sql: Sql,
  tenant: string,
  emitter: string,
  keys: readonly string[],
  runIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ record_key: string }>(CLAIM_KEYS, [tenant, emitter, keys, runIds]);
  return new Set(rows.map((row) => row.record_key));
}

/** A record that was emitted before is looked up by itself, for what an emitter has ever emitted is a long list. */
export const INSERT_READS = statement(
  'insert-emission-reads',
  `INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome, position, record_key, run_id, reason, excerpt)
   SELECT $1, $2, $3, row_number() OVER (), $4, r.outcome, r.position, r.record_key,
     CASE r.outcome WHEN 'deduplicated' THEN (SELECT e.run_id FROM emissions e WHERE e.tenant = $1 AND e.emitter = $4 AND e.record_key = r.record_key) ELSE r.run_id END,
     r.reason, r.excerpt
   FROM unnest($5::text[], $6::int[], $7::text[], $8::uuid[], $9::text[], $10::text[]) AS r(outcome, position, record_key, run_id, reason, excerpt)`,
);

export async function insertReads(
  sql: Sql,
  tenant: string,
  emitterRun: string,
  batch: number,
  emitter: string,
  rows: readonly LedgerRow[],
): Promise<void> {
  const column = <T>(read: (row: LedgerRow) => T): T[] => rows.map(read);
  await sql.query(INSERT_READS, [
    tenant,
    emitterRun,
    batch,
    emitter,
    column((row) => row.outcome),
    column((row) => row.position),
    column((row) => row.recordKey),
    column((row) => row.runId),
    column((row) => row.reason),
    column((row) => row.excerpt),
  ]);
}

export const MOVE_CURSOR = statement(
  'move-emitter-cursor',
  `INSERT INTO emitter_cursors (tenant, emitter, cursor, emitter_run) VALUES ($1, $2, $3::jsonb, $4)
   ON CONFLICT (tenant, emitter) DO UPDATE SET cursor = excluded.cursor, emitter_run = excluded.emitter_run, at = clock_timestamp()
   WHERE emitter_cursors.cursor IS NOT DISTINCT FROM $5::jsonb
   RETURNING emitter`,
);

/**
 * Moves an emitter's cursor, if it still stands where this batch began to read.
 *
 * @param from and to: JSON text
 * @returns false when another run of the emitter has moved it meanwhile: then roll back and read again from there
 */
export async function moveCursor(
  sql: Sql,
  tenant: string,
  emitter: string,
  from: string,
  to: string,
  emitterRun: string,
): Promise<boolean> {
  return (await sql.query(MOVE_CURSOR, [tenant, emitter, to, emitterRun, from])).length === 1;
}

export const READ_CURSOR = statement('read-emitter-cursor', 'SELECT cursor FROM emitter_cursors WHERE tenant = $1 AND emitter = $2');

export async function readCursor(sql: Sql, tenant: string, emitter: string): Promise<unknown> {
  const [row] = await sql.query<{ cursor: unknown }>(READ_CURSOR, [tenant, emitter]);
  return row?.cursor ?? null;
}
