import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { Office, type Setup } from '../office.js';
import type { Signup } from '../signup.js';

interface What {
  readonly what: Setup;
  readonly details?: Readonly<Record<string, string>>;
}

/** Sets one thing up for the customer. */
@Step({ id: 'set-up', timeout: '1m', retry: { attempts: 5, backoff: '2s' } })
export class SetUp implements StepHandler<{ id: string }, Signup, What> {
  constructor(private readonly office: Office) {}

  run({ input, params: { what, details }, idempotencyKey, signal }: StepContext<Signup, What>): Promise<{ id: string }> {
    return this.office.setUp(what, { customer: input.customer, ...details }, { idempotencyKey, signal });
  }
}
