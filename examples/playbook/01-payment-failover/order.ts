import { IsInt, IsString, Min } from 'class-validator';

export class Order {
  @IsString()
  orderId!: string;

  @IsInt()
  @Min(1)
  cents!: number;

  /** The token of a card, never its number: what a run is started with is kept. */
  @IsString()
  card!: string;
}
