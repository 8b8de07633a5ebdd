import { emitter } from '@stepwell/sdk';
import { ReadStrikeReports } from './steps/read-strike-reports.step.js';

/** New wildlife-strike reports, one `strike-review` run each. */
export const strikeIntake = emitter('strike-intake', {
  version: 1,
  title: 'Intake of strike reports',
  source: ReadStrikeReports,
  processor: 'strike-review',
  batchSize: 500,
  schedule: { cron: '*/20 * * * * *', overlap: 'skip', catchUp: 'latest' },
});
