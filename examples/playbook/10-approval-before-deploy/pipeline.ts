import { HttpApi, type RequestOptions } from '../services/http-api.js';

/** What can be asked of the systems that build and deploy. */
export type Job = 'tests' | 'diff' | 'deployment' | 'message';

export class Pipeline {
  private readonly api: HttpApi;

  constructor(address: string) {
    this.api = new HttpApi(address);
  }

  start(job: Job, details: object, options: RequestOptions): Promise<{ id: string }> {
    return this.api.post<{ id: string }>(`/${job}`, details, options);
  }
}
