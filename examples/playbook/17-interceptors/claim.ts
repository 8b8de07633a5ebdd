import { IsInt, IsString } from 'class-validator';

/** Somebody reports a damage. */
export class Claim {
  @IsString()
  policy!: string;

  @IsInt()
  cents!: number;
}
