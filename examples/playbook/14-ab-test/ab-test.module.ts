import { WorkflowModule } from '@stepwell/sdk';
import { abTest } from './ab-test.workflow.js';
import { MailOffice } from './mail-office.js';
import { SendOffer } from './steps/send-offer.step.js';

@WorkflowModule({
  workflows: [abTest],
  providers: [SendOffer, { provide: MailOffice, useFactory: () => new MailOffice(process.env['MAIL_URL'] ?? 'https://mail.example') }],
})
export class AbTestModule {}
