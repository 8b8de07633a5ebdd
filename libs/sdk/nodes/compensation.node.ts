/** The undo of a step. It stands beside the step, not in the flow: a run that fails or is canceled comes to it at its end. */
import { StepwellError } from '@stepwell/contracts';
import { stepMetadata } from '../decorators.js';
import type { NodeBase } from '../flow.js';
import type { AnyStep, StepHandler } from '../handlers.js';
import type { ReadContext } from '../read-context.js';
import { NO_RETRY, type RetryPolicy } from '../retry.js';
import { type StepPolicy, stepPolicy, verifiedByHandler } from '../step-policies.js';
import type { Type } from '../type.js';

/** What the undo of a step gets as its params: what the step has returned, and the params it had. */
export interface Undo<Out = unknown, P = unknown> {
  readonly output: Out;
  readonly params: P;
}

/** A step handler that undoes what another one has done. */
export type Compensator<In, Out, P> = StepHandler<unknown, In, Undo<Out, P>>;

/** What a step node has, as far as it is executed. */
export interface CompensationNode extends NodeBase {
  readonly kind: 'compensation';
  readonly handler: Type<AnyStep>;
  readonly run: undefined;
  readonly params: (ctx: ReadContext<never>) => Undo;
  readonly retry: RetryPolicy;
  readonly onExhausted: 'park';
  readonly timeoutMs: number | null;
  readonly queue: string | null;
  readonly priority: number | null;
  readonly policy: StepPolicy;
  readonly columns: readonly never[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    compensation: CompensationNode;
  }
}

/**
 * Retry, time-out, queue and the like come from the handler's own decorator.
 *
 * @throws StepwellError OPTION_INVALID when the handler has none
 */
export function compensationOf(
  handler: Type<AnyStep>,
  step: { readonly id: string; readonly params: ((ctx: ReadContext<never>) => unknown) | undefined },
  where: string,
): CompensationNode {
  const metadata = stepMetadata(handler);
  if (!metadata)
    throw new StepwellError('OPTION_INVALID', { where, reason: `compensate: ${handler.name} has no @Step({ id }) decorator.` });
  const { retry, timeoutMs, queue, priority, policy } = metadata;
  return {
    kind: 'compensation',
    id: `${step.id}.undo`,
    handler,
    run: undefined,
    params: (ctx) => ({ output: ctx.resultOf(step.id), params: step.params?.(ctx) }),
    retry: retry ?? NO_RETRY,
    onExhausted: 'park',
    timeoutMs,
    queue,
    priority,
    policy: { ...stepPolicy({}, where), ...verifiedByHandler(policy, handler, `${where}, compensate`) },
    columns: [],
  };
}
