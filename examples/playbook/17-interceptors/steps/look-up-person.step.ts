import { Step, type StepContext, type StepHandler, TerminalError } from '@stepwell/sdk';
import type { Claim } from '../claim.js';

export interface Person {
  readonly name: string;
  readonly taxNumber: string;
  readonly city: string;
}

/** Knows nothing of redaction: what it returns is what it found. */
@Step({ id: 'look-up-person' })
export class LookUpPerson implements StepHandler<Person, Claim> {
  run({ input }: StepContext<Claim>): Person {
    if (input.policy === 'none') throw new TerminalError('There is no such policy.', { code: 'NO_SUCH_POLICY' });
    return { name: 'Ada Lovelace', taxNumber: '12/345/67890', city: 'London' };
  }
}
