/** What goes on beside every step of this workflow. */
import { Injectable } from '@nestjs/common';
import type { InterceptedRun, InterceptedStep, Interceptor } from '@stepwell/sdk';
import { Collectors } from './collectors.js';

/** No tax number is ever stored. */
@Injectable()
export class HideTaxNumbers implements Interceptor {
  afterStep(output: unknown): unknown {
    return JSON.parse(JSON.stringify(output).replaceAll(/\d{2}\/\d{3}\/\d{5}/g, '**/***/*****')) as unknown;
  }
}

/** Who did what, and when it began. */
@Injectable()
export class AuditTrail implements Interceptor {
  constructor(private readonly collectors: Collectors) {}

  async beforeStep({ runId, stepId, attempt }: InterceptedStep): Promise<void> {
    await this.collectors.send('audit', `${runId}:${stepId}:${attempt}`, { step: stepId, attempt });
  }
}

/** Tells others how it ended. */
@Injectable()
export class Report implements Interceptor {
  constructor(private readonly collectors: Collectors) {}

  async onComplete(output: unknown, { runId, workflow }: InterceptedRun): Promise<void> {
    await this.collectors.send('warehouse', runId, { workflow, output });
  }

  async onFailure({ code }: { readonly code: string }, { runId, workflow }: InterceptedRun): Promise<void> {
    await this.collectors.send('alerts', runId, { workflow, code });
  }
}
