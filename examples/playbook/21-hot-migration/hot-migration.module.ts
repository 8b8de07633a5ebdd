import { WorkflowModule } from '@stepwell/sdk';
import { Bank } from './bank.js';
import { claimV1, claimV2 } from './hot-migration.workflow.js';
import { ReviewClaim } from './screens/review-claim.screen.js';
import { TellBank } from './steps/tell-bank.step.js';

@WorkflowModule({
  workflows: [claimV1, claimV2],
  providers: [TellBank, ReviewClaim, { provide: Bank, useFactory: () => new Bank(process.env['BANK_URL'] ?? 'https://bank.example') }],
})
export class HotMigrationModule {}
