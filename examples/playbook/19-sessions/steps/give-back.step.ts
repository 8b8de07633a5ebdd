import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Booking, Trip } from '../booking.js';

/** Puts back what was reserved. */
@Step({ id: 'give-back' })
export class GiveBack implements StepHandler<{ isBooked: boolean }, Booking> {
  async run({ input: { what, cents }, session }: StepContext<Booking>): Promise<{ isBooked: boolean }> {
    await session?.update<Trip>(({ leftCents, booked }) => ({
      leftCents: leftCents + cents,
      booked: booked.filter((one) => one !== what),
    }));
    return { isBooked: false };
  }
}
