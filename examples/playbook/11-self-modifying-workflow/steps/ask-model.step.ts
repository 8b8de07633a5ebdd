import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { Plan } from '../agenda.js';
import type { Goal } from '../goal.js';
import { Model } from '../model.js';

export interface Asked {
  readonly role: 'planner' | 'research' | 'draft' | 'check';
  readonly text: string;
}

/** Asks the model in one of its roles. What it answers is checked, field by field, before anybody goes by it; else it is asked again. */
@Step({ id: 'ask-model', timeout: '1m', retry: { attempts: 3, backoff: '1s' }, output: Plan })
export class AskModel implements StepHandler<Plan, Goal, Asked> {
  constructor(private readonly model: Model) {}

  async run({ params: { role, text }, attempt, idempotencyKey, signal }: StepContext<Goal, Asked>): Promise<Plan> {
    // A key for each attempt: the same one would get the same bad answer.
    return (await this.model.ask(role, text, { token: 'none', idempotencyKey: `${idempotencyKey}-${attempt}`, signal })) as Plan;
  }
}
