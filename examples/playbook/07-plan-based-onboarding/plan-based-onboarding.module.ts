import { WorkflowModule } from '@stepwell/sdk';
import { Office } from './office.js';
import { planBasedOnboarding } from './plan-based-onboarding.workflow.js';
import { SetUp } from './steps/set-up.step.js';

@WorkflowModule({
  workflows: [planBasedOnboarding],
  providers: [SetUp, { provide: Office, useFactory: () => new Office(process.env['OFFICE_URL'] ?? 'https://office.example') }],
})
export class PlanBasedOnboardingModule {}
