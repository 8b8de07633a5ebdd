import { Injectable } from '@nestjs/common';
import type { CompletedStep, Interceptor } from '@stepwell/sdk';
import { ChangeJobs } from './change-jobs.js';

const MOST_ROWS = 100;

@Injectable()
export class StopLargeChanges implements Interceptor {
  constructor(private readonly jobs: ChangeJobs) {}

  async onStepComplete({ stepName, runId, output, checkpoint, stop }: CompletedStep): Promise<void> {
    const { rows } = output as { rows: number };
    if (stepName !== 'count' || rows <= MOST_ROWS) return;
    stop();
    await this.jobs.add({ runId, rows, checkpoint });
  }
}
