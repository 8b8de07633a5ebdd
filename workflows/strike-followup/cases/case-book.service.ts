/**
 * The book of closed cases: `strike_followup.closed_cases`, one row per report; `revision` counts how often it was closed. Knows
 * nothing of workflows: the caller brings the transaction.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CaseOutcome } from './case-outcome.js';

export interface CaseToClose {
  readonly tenant: string;
  readonly runId: string;
  readonly reportId: string;
  readonly outcome: CaseOutcome;
}

export interface ClosedCase extends CaseOutcome {
  readonly reportId: string;
  /** 1 at the first closing. */
  readonly revision: number;
}

/** Locks the report's row, if there is one, until the caller's transaction ends. */
const UPSERT = /* sql */ `
INSERT INTO strike_followup.closed_cases AS closed (tenant, report_id, run_id, outcome, letter, statement, note)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant, report_id) DO UPDATE SET
  run_id = EXCLUDED.run_id, outcome = EXCLUDED.outcome, letter = EXCLUDED.letter, statement = EXCLUDED.statement, note = EXCLUDED.note,
  revision = closed.revision + 1, closed_at = clock_timestamp()
RETURNING revision`;

@Injectable()
export class CaseBook {
  async close(manager: EntityManager, { tenant, runId, reportId, outcome }: CaseToClose): Promise<ClosedCase> {
    const [row] = await manager.query<{ revision: number }[]>(UPSERT, [
      ...[tenant, reportId, runId],
      ...[outcome.outcome, outcome.letter, outcome.statement, outcome.note],
    ]);
    if (!row) throw new Error(`The case book returned nothing for report ${reportId}.`);
    return { reportId, ...outcome, revision: row.revision };
  }
}
