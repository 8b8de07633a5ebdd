import { IsString } from 'class-validator';

export class Notice {
  @IsString()
  email!: string;

  @IsString()
  phone!: string;

  @IsString()
  device!: string;

  @IsString()
  text!: string;
}
