import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { Agency } from '../agency.js';
import type { Booking } from '../booking.js';

@Step({ id: 'book', timeout: '30s', retry: { attempts: 2, backoff: '5s' } })
export class Book implements StepHandler<{ isBooked: boolean }, Booking> {
  constructor(private readonly agency: Agency) {}

  async run({ input, idempotencyKey, signal }: StepContext<Booking>): Promise<{ isBooked: boolean }> {
    await this.agency.book(input, { idempotencyKey, signal });
    return { isBooked: true };
  }
}
