import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { Bank } from '../bank.js';
import type { Claim } from '../claim.js';

interface About {
  readonly kind: 'assessments' | 'checks' | 'payments';
}

/** Each of the three goes to the bank, which does it once. */
@Step({ id: 'tell-bank', timeout: '30s', retry: { attempts: 3, backoff: '5s' } })
export class TellBank implements StepHandler<About['kind'], Claim, About> {
  constructor(private readonly bank: Bank) {}

  async run({ input, params: { kind }, idempotencyKey, signal }: StepContext<Claim, About>): Promise<About['kind']> {
    await this.bank.send(kind, input, { idempotencyKey, signal });
    return kind;
  }
}
