import { type ReadContext, Screen, type ScreenHandler } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import type { Unpaid } from '../unpaid.js';

export class Judgement {
  @IsIn(['suspend', 'extend'])
  verdict!: 'suspend' | 'extend';
}

@Screen({ id: 'judge-customer', title: 'Suspend the customer?' })
export class JudgeCustomer implements ScreenHandler<{ monthly: number }, Judgement, Unpaid> {
  readonly answer = Judgement;

  props({ input }: ReadContext<Unpaid>): { monthly: number } {
    return { monthly: input.monthly };
  }

  subject({ input }: ReadContext<Unpaid>): string {
    return `${input.customer} has not paid`;
  }
}
