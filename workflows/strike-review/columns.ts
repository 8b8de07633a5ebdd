/** What lists show of a report. The severity is what the triage recommends, until the report is filed with what was decided. */
import type { Columns } from '@stepwell/sdk';
import { FileReport } from './steps/file-report.step.js';
import { Triage } from './steps/triage.step.js';
import type { StrikeReport } from './strike-report.js';

const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });

export const strikeColumns: Columns<StrikeReport> = {
  Airport: ({ input }) => input.airport,
  Aircraft: ({ input }) => input.aircraft,
  Severity: (ctx) => ctx.maybeResultOf(FileReport)?.severity ?? ctx.maybeResultOf(Triage)?.severity,
  Cost: ({ input }) => (input.costTotal > 0 ? DOLLARS.format(input.costTotal) : null),
};

/** While a person looks at it: that the severity is not settled, and what made the triage ask. */
export const reviewColumns: Columns<StrikeReport> = {
  Severity: (ctx) => `${ctx.resultOf(Triage).severity}?`,
  Reason: (ctx) => ctx.resultOf(Triage).reasons.at(-1),
};
