import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { Bank } from '../bank.js';
import type { Payment } from '../payment.js';

@Step({ id: 'pay-out', timeout: '1m', retry: { attempts: 5, backoff: '10s' } })
export class PayOut implements StepHandler<{ id: string }, Payment> {
  constructor(private readonly bank: Bank) {}

  run({ input, idempotencyKey, signal }: StepContext<Payment>): Promise<{ id: string }> {
    return this.bank.pay(input, { idempotencyKey, signal });
  }
}
