import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { StrikeReport } from '../strike-report.js';
import { type Recommendation, triage } from '../triage.js';
import { ValidateReport } from './validate-report.step.js';

/** Recommends a severity and says whether a person must look, with the reasons. */
@Step({ id: 'triage' })
export class Triage implements StepHandler<Recommendation, StrikeReport> {
  run(ctx: StepContext<StrikeReport>): Recommendation {
    return triage(ctx.input, ctx.resultOf(ValidateReport).findings);
  }
}
