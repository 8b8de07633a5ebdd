import { Step, type StepContext, type StepHandler, TerminalError } from '@stepwell/sdk';
import type { Booking, Trip } from '../booking.js';

/** Takes the price out of what the trip may still cost. */
@Step({ id: 'reserve' })
export class Reserve implements StepHandler<{ reserved: number }, Booking> {
  async run({ input: { what, cents }, session }: StepContext<Booking>): Promise<{ reserved: number }> {
    if (!session) throw new TerminalError('A booking belongs to a trip: start it in a session.', { code: 'NO_TRIP' });
    await session.update<Trip>(({ leftCents, booked }) => {
      if (cents > leftCents) throw new TerminalError(`"${what}" costs more than is left.`, { code: 'BUDGET_SPENT' });
      return { leftCents: leftCents - cents, booked: [...booked, what] };
    });
    return { reserved: cents };
  }
}
