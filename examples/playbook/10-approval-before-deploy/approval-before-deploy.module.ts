import { WorkflowModule } from '@stepwell/sdk';
import { approvalBeforeDeploy } from './approval-before-deploy.workflow.js';
import { Pipeline } from './pipeline.js';
import { ApproveDeploy } from './screens/approve-deploy.screen.js';
import { RunJob } from './steps/run-job.step.js';

@WorkflowModule({
  workflows: [approvalBeforeDeploy],
  providers: [
    ...[RunJob, ApproveDeploy],
    { provide: Pipeline, useFactory: () => new Pipeline(process.env['PIPELINE_URL'] ?? 'https://pipeline.example') },
  ],
})
export class ApprovalBeforeDeployModule {}
