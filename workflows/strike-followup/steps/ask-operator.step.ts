import { Step, type StepContext, type StepHandler, type Suspension } from '@stepwell/sdk';
import type { FollowupCase } from '../followup-case.js';
import { OperatorClient } from '../operator/operator-client.js';
import { type OperatorReply, readReply } from '../operator/operator-reply.js';

/** Six times the slowest answer of the example's operators: longer than that, and the letter or its answer is lost. */
const PATIENCE = '20s';

/**
 * Writes to the operator and waits for the answer. Whatever goes wrong (service unavailable, letter lost, no answer in time, nonsense
 * for an answer) fails the attempt, and the next one hands in the same letter again under the same key.
 */
@Step({ id: 'ask-operator', timeout: '15s', retry: { attempts: 3, backoff: '2s', maxBackoff: '30s', jitter: 0.2 } })
export class AskOperator implements StepHandler<OperatorReply, FollowupCase> {
  constructor(private readonly operators: OperatorClient) {}

  async run(ctx: StepContext<FollowupCase>): Promise<OperatorReply | Suspension> {
    if (ctx.isResumed) return readReply(ctx.resumeData);
    const { id, callbackUrl } = await ctx.createAsyncResult();
    await this.operators.send({ reportId: ctx.input.reportId, idempotencyKey: ctx.idempotencyKey, callbackUrl }, ctx.signal);
    return ctx.resumeWhenComplete(id, { timeout: PATIENCE });
  }
}
