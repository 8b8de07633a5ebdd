import { IsString, Matches } from 'class-validator';

export class Release {
  @IsString()
  service!: string;

  @Matches(/^[0-9a-f]{7,40}$/)
  commit!: string;
}
