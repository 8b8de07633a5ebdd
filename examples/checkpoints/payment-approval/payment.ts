import { IsInt, IsISO8601, IsOptional, IsString, Min } from 'class-validator';

export class Payment {
  @IsString()
  invoice!: string;

  @IsInt()
  @Min(1)
  cents!: number;

  /** Set by whoever lets a large one go. */
  @IsOptional()
  @IsISO8601()
  approvedAt?: string;
}
