import { WorkflowModule } from '@stepwell/sdk';
import { ChangeInspector, ChangeJobs } from './change-jobs.js';
import { dataChange } from './data-change.workflow.js';
import { StopLargeChanges } from './stop-large-changes.js';

const jobsOfSettings = () => new ChangeJobs({ url: process.env['CHANGES_REDIS_URL'] ?? 'redis://127.0.0.1:6379/2' });

@WorkflowModule({
  workflows: [dataChange],
  providers: [ChangeInspector, StopLargeChanges, { provide: ChangeJobs, useFactory: jobsOfSettings }],
})
export class DataChangeModule {}
