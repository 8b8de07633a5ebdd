import { HttpApi, type RequestOptions } from '../services/http-api.js';
import type { Message } from './conversation.js';

export type Tool = 'search' | 'stock' | 'calculator';

export interface Reply {
  readonly tool: Tool | 'none';
  /** What the tool is asked, or the answer. */
  readonly text: string;
  readonly tokens: number;
}

export class Model {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  reply(model: string, messages: readonly Message[], options: RequestOptions): Promise<Reply> {
    return this.api.post<Reply>('/replies', { model, messages }, options);
  }
}
