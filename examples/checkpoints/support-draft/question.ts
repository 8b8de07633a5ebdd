import { IsOptional, IsString } from 'class-validator';

export class Question {
  @IsString()
  customer!: string;

  @IsString()
  text!: string;

  /** The answer as a person has edited it. */
  @IsOptional()
  @IsString()
  answer?: string;
}
