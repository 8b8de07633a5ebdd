import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Application } from '../application.js';

export interface Debts {
  readonly cents: number;
  readonly creditors: readonly string[];
}

/** Our own books; nobody else's business. */
@Step({ id: 'look-up-debts' })
export class LookUpDebts implements StepHandler<Debts, Application> {
  run({ input }: StepContext<Application>): Debts {
    return { cents: input.person.taxNumber.length * 1_000, creditors: ['Bank of the Harbour'] };
  }
}
