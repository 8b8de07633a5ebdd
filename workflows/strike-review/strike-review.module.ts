import { WorkflowModule } from '@stepwell/sdk';
import { StrikeReviewed } from './events/strike-reviewed.event.js';
import { RegistryService } from './registry/registry.service.js';
import { ReviewStrike } from './screens/review-strike.screen.js';
import { FileReport } from './steps/file-report.step.js';
import { Triage } from './steps/triage.step.js';
import { ValidateReport } from './steps/validate-report.step.js';
import { strikeReview } from './strike-review.workflow.js';

@WorkflowModule({
  workflows: [strikeReview],
  providers: [ValidateReport, Triage, ReviewStrike, FileReport, RegistryService],
  events: [StrikeReviewed],
})
export class StrikeReviewModule {}
