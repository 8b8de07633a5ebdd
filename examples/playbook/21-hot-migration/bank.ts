import { HttpApi, type RequestOptions } from '../services/http-api.js';

export class Bank {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  async send(kind: 'assessments' | 'checks' | 'payments', about: object, options: RequestOptions): Promise<void> {
    await this.api.post(`/${kind}`, about, options);
  }
}
