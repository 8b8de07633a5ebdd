import { HttpApi, type RequestOptions } from '../services/http-api.js';

export class Model {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  /** @returns what it wrote, as JSON; whether that is a plan is for others to find out */
  async ask(role: string, text: string, options: RequestOptions): Promise<unknown> {
    const reply = await this.api.post<{ text: string }>('/replies', { messages: [{ from: role, text }] }, options);
    return JSON.parse(reply.text) as unknown;
  }
}
