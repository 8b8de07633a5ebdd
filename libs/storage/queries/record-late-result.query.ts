/**
 * Records that a closed attempt came back after its run had ended: a fact that is never applied, the only one that may follow
 * `run.ended`. While a run lives its owner writes such facts, told through the inbox; an ended run has no owner.
 *
 * Locks: the run row, which keeps two late results from taking the same number. Status and everything else of the run stay as they are.
 */
import type { LateResult } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const RECORD_LATE_RESULT = statement(
  'record-late-result',
  `WITH ended AS (
     UPDATE runs SET last_seq = last_seq + 1
     WHERE tenant = $1 AND id = $2 AND status IN ('completed', 'failed', 'canceled')
     RETURNING tenant, id, last_seq)
   INSERT INTO journal (tenant, run_id, seq, type, path, iteration, attempt, payload)
   SELECT tenant, id, last_seq, 'attempt.discarded', $3, $4, $5, jsonb_build_object('reason', $6::text) FROM ended`,
);

export async function recordLateResult(sql: Sql, late: LateResult): Promise<void> {
  await sql.query(RECORD_LATE_RESULT, [late.tenant, late.runId, late.path, late.iteration, late.attempt, late.reason]);
}
