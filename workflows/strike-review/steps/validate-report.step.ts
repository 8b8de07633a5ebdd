import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { oddities } from '../plausibility.js';
import type { StrikeReport } from '../strike-report.js';

export interface Validation {
  /** What is odd in the report; each finding makes it doubtful. */
  readonly findings: readonly string[];
}

/** Looks for contradictions. Form and types were checked against `StrikeReport` when the run was started. */
@Step({ id: 'validate-report' })
export class ValidateReport implements StepHandler<Validation, StrikeReport> {
  run(ctx: StepContext<StrikeReport>): Validation {
    return { findings: oddities(ctx.input, new Date().toISOString().slice(0, 10)) };
  }
}
