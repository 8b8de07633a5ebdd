import { IsString } from 'class-validator';

export class Visit {
  @IsString()
  user!: string;
}
