import { IsIn, IsOptional, IsString } from 'class-validator';

export const PLANS = ['free', 'pro', 'enterprise'] as const;
export type Plan = (typeof PLANS)[number];

export class Signup {
  @IsString()
  customer!: string;

  @IsIn(PLANS)
  plan!: Plan;

  /** Where an enterprise's servers shall stand; the default when absent. */
  @IsOptional()
  @IsString()
  region?: string;
}
