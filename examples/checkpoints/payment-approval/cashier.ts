import { Injectable } from '@nestjs/common';
import { StepwellClient } from '@stepwell/sdk';
import { Approvals } from './approvals.js';

/** What the page of whoever may let money go calls. */
@Injectable()
export class Cashier {
  constructor(
    private readonly approvals: Approvals,
    private readonly client: StepwellClient,
  ) {}

  async approve(runId: string, approvedAt: Date): Promise<void> {
    const checkpoint = await this.approvals.find(runId);
    await this.client.runCheckpoint(checkpoint, { overrideData: { approvedAt: approvedAt.toISOString() } });
    await this.approvals.forget(runId);
  }
}
