import { IsInt, IsString, Min } from 'class-validator';

/** What the batch is started with. */
export class Batch {
  @IsString()
  batch!: string;
}

/** What each child is started with. */
export class Invoice {
  @IsString()
  invoice!: string;

  @IsString()
  vendor!: string;

  @IsInt()
  @Min(1)
  cents!: number;
}
