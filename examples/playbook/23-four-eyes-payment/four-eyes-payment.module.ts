import { WorkflowModule } from '@stepwell/sdk';
import { Bank } from './bank.js';
import { fourEyesPayment } from './four-eyes-payment.workflow.js';
import { ReleasePayment } from './screens/release-payment.screen.js';
import { PayOut } from './steps/pay-out.step.js';

@WorkflowModule({
  workflows: [fourEyesPayment],
  providers: [PayOut, ReleasePayment, { provide: Bank, useFactory: () => new Bank(process.env['BANK_URL'] ?? 'https://bank.example') }],
})
export class FourEyesPaymentModule {}
