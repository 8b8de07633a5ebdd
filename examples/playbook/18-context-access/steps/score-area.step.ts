import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Application } from '../application.js';
import { ScoreVendor } from '../score-vendor.js';

/**
 * Written by the vendor, let us say, and curious: it sends all that it gets to see. What that is, the workflow decides.
 */
@Step({ id: 'score-area', timeout: '20s', retry: { attempts: 3, backoff: '5s' } })
export class ScoreArea implements StepHandler<{ score: number }, Application, object> {
  constructor(private readonly vendor: ScoreVendor) {}

  run({ input, params, config, actor, idempotencyKey, signal }: StepContext<Application, object>): Promise<{ score: number }> {
    return this.vendor.score({ input, params, config, actor }, { idempotencyKey, signal });
  }
}
