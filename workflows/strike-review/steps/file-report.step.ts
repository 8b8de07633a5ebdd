import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { decide } from '../decision.js';
import { type FiledReport, RegistryService } from '../registry/registry.service.js';
import { ReviewStrike } from '../screens/review-strike.screen.js';
import type { StrikeReport } from '../strike-report.js';
import { Triage } from './triage.step.js';

/** Files the report in the registry. The row and this step's commit are one transaction, so each review is filed exactly once. */
@Step({ id: 'file-report', timeout: '30s', retry: { attempts: 5, backoff: '500ms', jitter: 0.3 } })
export class FileReport implements StepHandler<FiledReport, StrikeReport> {
  constructor(private readonly registry: RegistryService) {}

  run(ctx: StepContext<StrikeReport>): Promise<FiledReport> {
    const decision = decide(ctx.resultOf(Triage), ctx.maybeAnswerOf(ReviewStrike));
    return ctx.transaction((manager) => this.registry.file(manager, { tenant: ctx.tenant, runId: ctx.runId, report: ctx.input, decision }));
  }
}
