import { Injectable } from '@nestjs/common';
import type { CompletedStep, Interceptor } from '@stepwell/sdk';
import { Reviews } from './reviews.js';

@Injectable()
export class StopForReview implements Interceptor {
  constructor(private readonly reviews: Reviews) {}

  async onStepComplete({ stepName, runId, output, checkpoint, stop }: CompletedStep): Promise<void> {
    if (stepName !== 'write') return;
    stop();
    await this.reviews.open(runId, (output as { draft: string }).draft, checkpoint);
  }
}
