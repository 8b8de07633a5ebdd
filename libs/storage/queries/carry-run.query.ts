/**
 * A run that goes on in another installation: the one that it comes from lets go of it, and the other one takes it in.
 *
 * Locks: letting go locks the run's row, and finds it as its journal was read: it waits, so nobody holds it, and its inbox is empty, since what
 * comes to a run that waits has it queue. Taking in locks none but the new rows.
 */
import type { Fact } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const LOCK_WAITING_RUN = statement(
  'lock-waiting-run',
  `SELECT id FROM runs
   WHERE tenant = $1 AND id = $2 AND status = 'waiting' AND last_seq = $3 AND parent_run IS NULL AND session IS NULL
   FOR NO KEY UPDATE`,
);

/** @returns whether it waits, behind its last fact, and belongs to no other run and no session */
export async function lockWaitingRun(sql: Sql, tenant: string, runId: string, lastSeq: number): Promise<boolean> {
  return (await sql.query(LOCK_WAITING_RUN, [tenant, runId, lastSeq])).length > 0;
}

export interface CarriedRun {
  readonly tenant: string;
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly queue: string;
  readonly actor: unknown;
  readonly priority: number;
  readonly permitKey: string | null;
  /** Its whole journal. */
  readonly facts: readonly Fact[];
}

export const TAKE_IN_RUN = statement(
  'take-in-run',
  `WITH taken AS (
     INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, started_by, actor, lineage_root, priority, permit_key)
     VALUES ($1, $2, $3::text, $4::int, $3::text || '@' || $4::int, $5, 'queued', $6, 'fork', $7::jsonb, $2, $8, $9))
   INSERT INTO journal (tenant, run_id, seq, type, version, path, iteration, attempt, payload, at)
   SELECT $1, $2, f.seq, f.type, f.version, f.path, f.iteration, f.attempt, coalesce(f.payload, 'null'), to_timestamp(f.at / 1000)
   FROM jsonb_to_recordset($10::jsonb)
     AS f(seq int, type text, version int, path text, iteration text, attempt int, payload jsonb, at float8)`,
);

export async function takeInRun(sql: Sql, run: CarriedRun): Promise<void> {
  const { tenant, id, workflow, version, queue, actor, priority, permitKey, facts } = run;
  await sql.query(TAKE_IN_RUN, [
    ...[tenant, id, workflow, version, queue, facts.length, JSON.stringify(actor)],
    ...[priority, permitKey, JSON.stringify(facts)],
  ]);
}
