import { HttpApi, type RequestOptions } from '../services/http-api.js';

interface Page {
  readonly addresses: readonly string[];
  readonly total: number;
}

export class Book extends HttpApi {
  async page(from: number, options: RequestOptions): Promise<Page> {
    return (await this.get<Page>(`/addresses?from=${from}`, options)) ?? { addresses: [], total: 0 };
  }

  add(addresses: readonly string[], options: RequestOptions): Promise<{ count: number }> {
    return this.post<{ count: number }>('/addresses', { addresses }, options);
  }
}

export class Books {
  constructor(
    readonly old: Book,
    readonly fresh: Book,
  ) {}
}
