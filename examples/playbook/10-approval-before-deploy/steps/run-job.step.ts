import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { type Job, Pipeline } from '../pipeline.js';
import type { Release } from '../release.js';

interface What {
  readonly job: Job;
  readonly details?: Readonly<Record<string, string>>;
}

@Step({ id: 'run-job', timeout: '10m', retry: { attempts: 3, backoff: '10s' } })
export class RunJob implements StepHandler<{ id: string }, Release, What> {
  constructor(private readonly pipeline: Pipeline) {}

  run({ input, params: { job, details }, idempotencyKey, signal }: StepContext<Release, What>): Promise<{ id: string }> {
    return this.pipeline.start(job, { customer: `${input.service}@${input.commit}`, ...details }, { idempotencyKey, signal });
  }
}
