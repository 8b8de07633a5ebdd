/** The book of closed cases, one per report; `revision` counts how often it was closed. Knows nothing of workflows: the caller brings the transaction. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CaseOutcome } from './case-outcome.js';
import { ClosedCase } from './closed-case.entity.js';

export interface CaseToClose {
  readonly tenant: string;
  readonly runId: string;
  readonly reportId: string;
  readonly outcome: CaseOutcome;
}

/** What the step returns of a closed case. */
export type ClosedCaseSummary = CaseOutcome & Pick<ClosedCase, 'reportId' | 'revision'>;

@Injectable()
export class CaseBook {
  /** Locks the report's row, if there is one. Two first closings of one report at once are one closing and an error to try again. */
  async close(manager: EntityManager, { tenant, runId, reportId, outcome }: CaseToClose): Promise<ClosedCaseSummary> {
    const cases = manager.getRepository(ClosedCase);
    const before = await cases.findOne({ where: { tenant, reportId }, lock: { mode: 'pessimistic_write' } });
    const revision = (before?.revision ?? 0) + 1;
    const closed = { tenant, reportId, runId, ...outcome, revision };
    if (before) await cases.update({ tenant, reportId }, closed);
    else await cases.insert(closed);
    return { reportId, ...outcome, revision };
  }
}
