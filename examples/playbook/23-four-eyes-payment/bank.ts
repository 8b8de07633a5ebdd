import { HttpApi, type RequestOptions } from '../services/http-api.js';
import type { Payment } from './payment.js';

export class Bank {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  pay({ creditor, account, cents }: Payment, options: RequestOptions): Promise<{ id: string }> {
    return this.api.post<{ id: string }>('/transfer', { customer: creditor, account, cents }, options);
  }
}
