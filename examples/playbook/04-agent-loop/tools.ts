import { HttpApi, type RequestOptions } from '../services/http-api.js';

export class Tools {
  private readonly warehouse: HttpApi;

  constructor(address: string) {
    this.warehouse = new HttpApi(address);
  }

  search(word: string, options: RequestOptions): Promise<string> {
    return this.ask(`/pages?q=${encodeURIComponent(word)}`, options);
  }

  stock(item: string, options: RequestOptions): Promise<string> {
    return this.ask(`/stock/${encodeURIComponent(item)}`, options);
  }

  /** `12 * 7`. What it does not understand it says to the model, which may ask better. */
  calculate(term: string): string {
    const [, left, right] = /^(\d+) \* (\d+)$/.exec(term) ?? [];
    return left === undefined ? `"${term}" is no product of two numbers` : String(Number(left) * Number(right));
  }

  private async ask(path: string, options: RequestOptions): Promise<string> {
    return (await this.warehouse.get<{ text: string }>(path, options))?.text ?? 'nothing is known about it';
  }
}
