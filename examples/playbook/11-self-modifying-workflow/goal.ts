import { IsString } from 'class-validator';

export class Goal {
  @IsString()
  text!: string;
}
