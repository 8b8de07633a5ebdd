import { IsInt, IsString } from 'class-validator';

export class Claim {
  @IsString()
  customer!: string;

  @IsInt()
  cents!: number;
}
