import { IsInt, IsString, Min } from 'class-validator';

export class Change {
  @IsString()
  table!: string;

  /** All rows with a number from here on. */
  @IsInt()
  @Min(0)
  from!: number;
}
