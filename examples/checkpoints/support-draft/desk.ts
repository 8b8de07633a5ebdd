import { Injectable } from '@nestjs/common';
import { StepwellClient } from '@stepwell/sdk';
import { Drafts } from './drafts.js';

/** What the page of the support team calls. */
@Injectable()
export class Desk {
  constructor(
    private readonly drafts: Drafts,
    private readonly client: StepwellClient,
  ) {}

  /** @param edit gets the draft, and gives what is to be sent */
  async send(runId: string, edit: (text: string) => string): Promise<void> {
    const { text, checkpoint } = await this.drafts.get(runId);
    await this.client.runCheckpoint(checkpoint, { overrideData: { answer: edit(text) } });
    await this.drafts.remove(runId);
  }
}
