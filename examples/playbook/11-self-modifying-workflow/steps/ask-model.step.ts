import { type InjectedNode, Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { IsString } from 'class-validator';
import type { Goal } from '../goal.js';
import { Model } from '../model.js';
import type { Topic } from '../topic.js';

export class Text {
  @IsString()
  text!: string;
}

/** What the model is to answer: a text, and work that it asks for. */
export interface Plan extends Text {
  readonly work: readonly InjectedNode[];
  /** 0: before all that is still to be done. Left out: behind it. */
  readonly position?: 0;
}

/**
 * Asks the model in the role that the step is named after. The work that it asks for is checked, field by field, before any of it is added;
 * where something is wrong it is asked again.
 */
@Step({ id: 'ask-model', timeout: '1m', retry: { attempts: 3, backoff: '1s', giveUpOn: ['INJECTION_LIMIT'] }, output: Text })
export class AskModel implements StepHandler<Text, Goal, Topic> {
  constructor(private readonly model: Model) {}

  async run(ctx: StepContext<Goal, Topic>): Promise<Text> {
    const { stepId: role, params, attempt, idempotencyKey, signal } = ctx;
    // A key for each attempt: the same one would get the same bad answer.
    const options = { token: 'none', idempotencyKey: `${idempotencyKey}-${attempt}`, signal };
    const { text, work, position } = (await this.model.ask(role, params.about, options)) as Plan;
    await ctx.inject(work, { position });
    return { text };
  }
}
