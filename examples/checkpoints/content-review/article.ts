import { IsOptional, IsString } from 'class-validator';

export class Article {
  @IsString()
  topic!: string;

  /** Of whoever has approved it. */
  @IsOptional()
  @IsString()
  comment?: string;
}
