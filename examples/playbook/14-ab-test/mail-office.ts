import { HttpApi, type RequestOptions } from '../services/http-api.js';

export class MailOffice {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  send(to: string, text: string, options: RequestOptions): Promise<{ message: string }> {
    return this.api.post<{ message: string }>('/messages', { to, text }, options);
  }
}
