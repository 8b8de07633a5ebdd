import { WorkflowModule } from '@stepwell/sdk';
import { contextAccess } from './context-access.workflow.js';
import { ScoreVendor } from './score-vendor.js';
import { LookUpDebts } from './steps/look-up-debts.step.js';
import { ScoreArea } from './steps/score-area.step.js';

@WorkflowModule({
  workflows: [contextAccess],
  providers: [
    LookUpDebts,
    ScoreArea,
    { provide: ScoreVendor, useFactory: () => new ScoreVendor(process.env['SCORE_VENDOR_URL'] ?? 'https://scores.example') },
  ],
})
export class ContextAccessModule {}
