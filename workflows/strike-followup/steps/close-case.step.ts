import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { CaseBook, type ClosedCaseSummary } from '../cases/case-book.service.js';
import { caseOutcome } from '../cases/case-outcome.js';
import { type LetterNode, letterResult } from '../cases/letter-result.js';
import type { FollowupCase } from '../followup-case.js';
import { ResolveDispute } from '../screens/resolve-dispute.screen.js';

/** Records how the case ended. The row and this step's commit are one transaction. */
@Step({ id: 'close-case', timeout: '30s', retry: { attempts: 5, backoff: '500ms', jitter: 0.3 } })
export class CloseCase implements StepHandler<ClosedCaseSummary, FollowupCase> {
  constructor(private readonly book: CaseBook) {}

  run(ctx: StepContext<FollowupCase>): Promise<ClosedCaseSummary> {
    const outcome = caseOutcome(letterResult(ctx.resultOf<LetterNode>('letter')), ctx.maybeAnswerOf(ResolveDispute));
    return ctx.transaction((manager) =>
      this.book.close(manager, { tenant: ctx.tenant, runId: ctx.runId, reportId: ctx.input.reportId, outcome }),
    );
  }
}
