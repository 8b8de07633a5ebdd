import { WorkflowModule } from '@stepwell/sdk';
import { dunning } from './dunning.workflow.js';
import { Office } from './office.js';
import { JudgeCustomer } from './screens/judge-customer.screen.js';
import { ChargeAgain } from './steps/charge-again.step.js';
import { RunErrand } from './steps/run-errand.step.js';

@WorkflowModule({
  workflows: [dunning],
  providers: [
    ...[RunErrand, ChargeAgain, JudgeCustomer],
    { provide: Office, useFactory: () => new Office(process.env['OFFICE_URL'] ?? 'https://office.example') },
  ],
})
export class DunningModule {}
