import { WorkflowModule } from '@stepwell/sdk';
import { Approvals } from './approvals.js';
import { Cashier } from './cashier.js';
import { paymentApproval } from './payment-approval.workflow.js';
import { StopLargePayments } from './stop-large-payments.js';

const approvalsOfSettings = () => new Approvals(process.env['APPROVALS_REDIS_URL'] ?? 'redis://127.0.0.1:6379/1');

@WorkflowModule({
  workflows: [paymentApproval],
  providers: [Cashier, StopLargePayments, { provide: Approvals, useFactory: approvalsOfSettings }],
})
export class PaymentApprovalModule {}
