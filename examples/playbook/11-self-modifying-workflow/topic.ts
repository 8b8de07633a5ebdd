import { IsString } from 'class-validator';

/** What each worker is asked for. */
export class Topic {
  @IsString()
  about!: string;
}
