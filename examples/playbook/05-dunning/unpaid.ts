import { IsInt, IsString, Min } from 'class-validator';

/** A bill that could not be collected. */
export class Unpaid {
  @IsString()
  customer!: string;

  @IsInt()
  @Min(1)
  cents!: number;

  /** What the customer pays a month, in whole units: the larger ones are not cut off by a program. */
  @IsInt()
  @Min(0)
  monthly!: number;
}
