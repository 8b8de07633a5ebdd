import { Step, type StepContext, type StepHandler, type Verdict } from '@stepwell/sdk';
import type { Order } from '../order.js';
import { type ProcessorName, Processors } from '../processors.js';

export interface Receipt {
  readonly processor: ProcessorName;
  readonly charge: string;
}

interface At {
  readonly processor: ProcessorName;
}

/** Charges the order at one processor. `externalEffect`: whether it was charged must be known before anything else is done about it. */
@Step({ id: 'charge-card', timeout: '15s', retry: { attempts: 2, backoff: '1s' }, externalEffect: true })
export class ChargeCard implements StepHandler<Receipt, Order, At> {
  constructor(private readonly processors: Processors) {}

  async run({ input, params: { processor }, idempotencyKey, signal }: StepContext<Order, At>): Promise<Receipt> {
    const { id } = await this.processors.named(processor).charge(input, { idempotencyKey, signal });
    return { processor, charge: id };
  }

  async verify({ params: { processor }, idempotencyKey, signal }: StepContext<Order, At>): Promise<Verdict<Receipt>> {
    const charge = await this.processors.named(processor).chargeBy(idempotencyKey, { signal });
    return charge ? { happened: true, output: { processor, charge: charge.id } } : { happened: false };
  }
}
