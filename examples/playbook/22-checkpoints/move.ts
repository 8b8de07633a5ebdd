import { IsString } from 'class-validator';

/** Whose addresses move. */
export class Move {
  @IsString()
  customer!: string;
}
