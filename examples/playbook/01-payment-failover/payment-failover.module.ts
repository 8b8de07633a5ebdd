import { WorkflowModule } from '@stepwell/sdk';
import { paymentFailover } from './payment-failover.workflow.js';
import { Processors, processorsOfSettings } from './processors.js';
import { ChargeCard } from './steps/charge-card.step.js';

@WorkflowModule({
  workflows: [paymentFailover],
  providers: [ChargeCard, { provide: Processors, useFactory: processorsOfSettings }],
})
export class PaymentFailoverModule {}
