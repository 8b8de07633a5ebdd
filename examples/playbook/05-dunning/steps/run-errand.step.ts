import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { type Errand, Office } from '../office.js';
import type { Unpaid } from '../unpaid.js';

interface What {
  readonly what: Errand;
  readonly details?: Readonly<Record<string, string>>;
}

/** Writes a mail, suspends a customer, locks an account, or writes into the audit. */
@Step({ id: 'run-errand', timeout: '1m', retry: { attempts: 5, backoff: '2s' } })
export class RunErrand implements StepHandler<{ id: string }, Unpaid, What> {
  constructor(private readonly office: Office) {}

  run({ input, params: { what, details }, idempotencyKey, signal }: StepContext<Unpaid, What>): Promise<{ id: string }> {
    return this.office.send(what, { customer: input.customer, ...details }, { idempotencyKey, signal });
  }
}
