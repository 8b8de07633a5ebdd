import { IsInt, IsString, Min } from 'class-validator';

/** What one run is to book. */
export class Booking {
  @IsString()
  what!: string;

  @IsInt()
  @Min(1)
  cents!: number;
}

/** What all bookings of a trip share. */
export type Trip = { readonly leftCents: number; readonly booked: readonly string[] };
