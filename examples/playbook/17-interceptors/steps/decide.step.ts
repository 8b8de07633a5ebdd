import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Claim } from '../claim.js';
import { LookUpPerson } from './look-up-person.step.js';

export interface Decision {
  readonly isPaid: boolean;
  readonly letter: string;
}

@Step({ id: 'decide' })
export class Decide implements StepHandler<Decision, Claim> {
  run(ctx: StepContext<Claim>): Decision {
    const { name, taxNumber } = ctx.resultOf(LookUpPerson);
    return { isPaid: ctx.input.cents < 100_000, letter: `Dear ${name} (${taxNumber})` };
  }
}
