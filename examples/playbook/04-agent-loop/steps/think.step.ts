import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Question, Turn } from '../conversation.js';
import { Model, type Reply } from '../model.js';

/** Asks the model what to do next. The dear step: it must not be done again for a crash. */
@Step({ id: 'think', timeout: '1m', retry: { attempts: 4, backoff: '1s', maxBackoff: '15s' } })
export class Think implements StepHandler<Reply, Question, Turn> {
  constructor(private readonly model: Model) {}

  run({ params, config, idempotencyKey, signal }: StepContext<Question, Turn>): Promise<Reply> {
    return this.model.reply(config['model'] as string, params.messages, { token: config['modelKey'] as string, idempotencyKey, signal });
  }
}
