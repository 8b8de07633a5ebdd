import { type ReadContext, Screen, type ScreenHandler } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import type { Claim } from '../claim.js';

export class Verdict {
  @IsIn(['pay', 'refuse'])
  verdict!: 'pay' | 'refuse';
}

@Screen({ id: 'review-claim', title: 'Review the claim' })
export class ReviewClaim implements ScreenHandler<{ cents: number }, Verdict, Claim> {
  readonly answer = Verdict;

  props({ input }: ReadContext<Claim>): { cents: number } {
    return { cents: input.cents };
  }
}
