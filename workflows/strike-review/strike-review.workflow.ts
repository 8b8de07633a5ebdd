import { workflow } from '@stepwell/sdk';
import { strikeOffice } from '../strike-office.calendar.js';
import { reviewColumns, strikeColumns } from './columns.js';
import { StrikeReviewed } from './events/strike-reviewed.event.js';
import { reviewOutcome } from './review-outcome.js';
import { ReviewStrike } from './screens/review-strike.screen.js';
import { FileReport } from './steps/file-report.step.js';
import { Triage } from './steps/triage.step.js';
import { ValidateReport } from './steps/validate-report.step.js';
import { StrikeReport } from './strike-report.js';

export const strikeReview = workflow('strike-review', {
  input: StrikeReport,
  version: 1,
  title: 'Review of a wildlife strike',
  columns: strikeColumns,
  calendar: strikeOffice,
})
  .then(ValidateReport)
  .then(Triage)
  .when(
    (ctx) => ctx.resultOf(Triage).needsReview,
    (branch) => branch.screen(ReviewStrike, { due: '3bd', followUp: '2bd', undoWindow: '5s', columns: reviewColumns }),
    { id: 'needs-review' },
  )
  .then(FileReport)
  .emit(StrikeReviewed, (ctx) => reviewOutcome(ctx.input, ctx.resultOf(FileReport)), {
    id: 'announce',
    idempotencyKey: (ctx) => ctx.input.id,
  });
