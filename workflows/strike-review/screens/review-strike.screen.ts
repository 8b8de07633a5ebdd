import { type ReadContext, Screen, type ScreenHandler, type Suggestion } from '@stepwell/sdk';
import { StrikeDecision } from '../forms/strike-decision.form.js';
import { Triage } from '../steps/triage.step.js';
import type { StrikeReport } from '../strike-report.js';
import type { Recommendation } from '../triage.js';

/** What the reviewer sees. */
export interface StrikeToReview {
  readonly report: StrikeReport;
  readonly recommendation: Recommendation;
}

@Screen({
  id: 'review-strike',
  title: 'Review a wildlife strike',
  instructions: 'Compare the report with the recommendation and its reasons, then confirm it, correct the severity, or reject the report.',
})
export class ReviewStrike implements ScreenHandler<StrikeToReview, StrikeDecision, StrikeReport> {
  readonly answer = StrikeDecision;

  props(ctx: ReadContext<StrikeReport>): StrikeToReview {
    return { report: { ...ctx.input }, recommendation: ctx.resultOf(Triage) };
  }

  suggest(ctx: ReadContext<StrikeReport>): Suggestion<StrikeDecision> {
    const { severity, confidence } = ctx.resultOf(Triage);
    return { values: { verdict: 'confirm', severity }, confidence, source: Triage };
  }

  subject({ input }: ReadContext<StrikeReport>): string {
    return `${input.airport}: ${input.species} against ${input.aircraft}, damage ${input.damage}`;
  }
}
