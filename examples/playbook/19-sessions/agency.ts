import { HttpApi, type RequestOptions } from '../services/http-api.js';
import type { Booking } from './booking.js';

export class Agency {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  async book(booking: Booking, options: RequestOptions): Promise<void> {
    await this.api.post('/bookings', booking, options);
  }
}
