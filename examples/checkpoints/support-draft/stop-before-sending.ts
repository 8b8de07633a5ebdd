import { Injectable } from '@nestjs/common';
import type { CompletedStep, Interceptor } from '@stepwell/sdk';
import { Drafts } from './drafts.js';

@Injectable()
export class StopBeforeSending implements Interceptor {
  constructor(private readonly drafts: Drafts) {}

  async onStepComplete({ stepName, runId, output, checkpoint, stop }: CompletedStep): Promise<void> {
    if (stepName !== 'draft') return;
    stop();
    await this.drafts.put(runId, { text: output as string, checkpoint });
  }
}
