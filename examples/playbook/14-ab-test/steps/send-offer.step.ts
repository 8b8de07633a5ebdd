import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { MailOffice } from '../mail-office.js';
import type { Visit } from '../visit.js';

interface Offer {
  readonly subject: string;
}

@Step({ id: 'send-offer', timeout: '20s', retry: { attempts: 3, backoff: '10s' } })
export class SendOffer implements StepHandler<{ message: string }, Visit, Offer> {
  constructor(private readonly mail: MailOffice) {}

  run({ input, params: { subject }, idempotencyKey, signal }: StepContext<Visit, Offer>): Promise<{ message: string }> {
    return this.mail.send(input.user, subject, { idempotencyKey, signal });
  }
}
