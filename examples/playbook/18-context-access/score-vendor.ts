import { HttpApi, type RequestOptions } from '../services/http-api.js';

export class ScoreVendor {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  score(about: object, options: RequestOptions): Promise<{ score: number }> {
    return this.api.post<{ score: number }>('/scores', about, options);
  }
}
