import { Injectable } from '@nestjs/common';
import type { CompletedStep, Interceptor } from '@stepwell/sdk';
import { Approvals } from './approvals.js';

@Injectable()
export class StopLargePayments implements Interceptor {
  constructor(private readonly approvals: Approvals) {}

  /** Should Redis be away, this throws, and the run stops all the same. */
  async onStepComplete({ stepName, runId, output, checkpoint, stop }: CompletedStep): Promise<void> {
    if (stepName !== 'assess' || !(output as { isLarge: boolean }).isLarge) return;
    stop();
    await this.approvals.keep(runId, checkpoint);
  }
}
