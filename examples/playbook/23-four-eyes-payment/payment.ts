import { IsInt, IsString, Min } from 'class-validator';

export class Payment {
  @IsString()
  creditor!: string;

  @IsString()
  account!: string;

  @IsInt()
  @Min(1)
  cents!: number;
}
