import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { type CarrierName, Carriers } from '../carriers.js';
import type { Notice } from '../notice.js';

export interface Delivery {
  readonly carrier: CarrierName;
  readonly message: string;
}

interface Sending {
  readonly carrier: CarrierName;
  readonly to: string;
}

/** Gives the notice to one carrier. */
@Step({ id: 'send-message', timeout: '20s', retry: { attempts: 2, backoff: '5s' } })
export class SendMessage implements StepHandler<Delivery, Notice, Sending> {
  constructor(private readonly carriers: Carriers) {}

  async run({ input, params: { carrier, to }, idempotencyKey, signal }: StepContext<Notice, Sending>): Promise<Delivery> {
    return { carrier, message: await this.carriers.send(carrier, to, input.text, { idempotencyKey, signal }) };
  }
}
