import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';

export class Person {
  @IsString()
  name!: string;

  @IsString()
  taxNumber!: string;

  @IsString()
  postcode!: string;
}

/** Somebody asks for a loan. */
export class Application {
  @ValidateNested()
  @Type(() => Person)
  person!: Person;

  @IsInt()
  cents!: number;

  @IsString()
  note!: string;
}
