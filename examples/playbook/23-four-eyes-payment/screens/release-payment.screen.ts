import { type ReadContext, Screen, type ScreenHandler } from '@stepwell/sdk';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { Payment } from '../payment.js';

export class Release {
  @IsIn(['release', 'stop'])
  verdict!: 'release' | 'stop';

  @IsOptional()
  @IsString()
  note?: string;
}

@Screen({ id: 'release-payment', title: 'Release the payment?' })
export class ReleasePayment implements ScreenHandler<Payment, Release, Payment> {
  readonly answer = Release;

  props({ input }: ReadContext<Payment>): Payment {
    return input;
  }

  subject({ input }: ReadContext<Payment>): string {
    return `${input.cents / 100} to ${input.creditor}`;
  }
}
