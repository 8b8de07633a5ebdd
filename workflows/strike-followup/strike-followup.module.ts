import { WorkflowModule } from '@stepwell/sdk';
import { CaseBook } from './cases/case-book.service.js';
import { ClosedCase } from './cases/closed-case.entity.js';
import { OperatorClient } from './operator/operator-client.js';
import { OperatorDesk } from './operator/operator-desk.js';
import { ResolveDispute } from './screens/resolve-dispute.screen.js';
import { AskOperator } from './steps/ask-operator.step.js';
import { CloseCase } from './steps/close-case.step.js';
import { strikeFollowup } from './strike-followup.workflow.js';

@WorkflowModule({
  workflows: [strikeFollowup],
  providers: [AskOperator, ResolveDispute, CloseCase, CaseBook, OperatorClient, OperatorDesk],
  entities: [ClosedCase],
})
export class StrikeFollowupModule {}
