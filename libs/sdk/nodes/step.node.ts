import { StepwellError } from '@stepwell/contracts';
import { type ColumnDefinition, columnDefinitions, type Columns } from '../columns.js';
import { priorityOf } from '../cap.js';
import { checkId } from '../check-id.js';
import { stepMetadata } from '../decorators.js';
import { type DurationText, parseDuration } from '../duration.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { Accepts, AnyStep, ParamsOf } from '../handlers.js';
import { queueName } from '../queue-name.js';
import type { ReadContext } from '../read-context.js';
import { NO_RETRY, type OnExhausted, onExhausted, type RetryOptions, type RetryPolicy, retryPolicy } from '../retry.js';
import type { OutputOf } from '../results.js';
import type { StepContext } from '../step-context.js';
import { type CompensationNode, compensationOf, type Compensator } from './compensation.node.js';
import { type StepPolicies, type StepPolicy, stepPolicy, verifiedByHandler } from '../step-policies.js';
import type { Type } from '../type.js';

/** Options where a step stands in a graph; they override those of the handler's decorator. */
export interface PlacementOptions<In = never, Out = unknown, P = unknown> extends StepPolicies<In, Out> {
  readonly id?: string;
  readonly retry?: RetryOptions<In>;
  readonly onExhausted?: OnExhausted;
  readonly timeout?: DurationText;
  readonly queue?: string;
  /**
   * From -10 to 10; default: the run's. On another queue, steps of a higher priority are executed first; while the run waits here (for a
   * retry, a result), it has this priority among the queued runs.
   */
  readonly priority?: number;
  /**
   * A step handler that undoes what this step has done. It is executed when the run fails or is canceled after the step has completed, the
   * last step to complete first; `ctx.params` is `{ output, params }` of the step. Out of attempts it is an incident; the run ends when all
   * is undone.
   */
  readonly compensate?: Type<Compensator<In, Out, P>>;
  /** While a run stands here: overrides columns of the workflow in their place, and adds others after them. */
  readonly columns?: Columns<In>;
}

export type PlainStep<In> = (ctx: StepContext<In>) => unknown;

export interface StepNode extends NodeBase {
  readonly kind: 'step';
  readonly handler: Type<AnyStep> | undefined;
  readonly run: PlainStep<never> | undefined;
  readonly params: ((ctx: ReadContext<never>) => unknown) | undefined;
  readonly retry: RetryPolicy;
  readonly onExhausted: OnExhausted;
  readonly timeoutMs: number | null;
  readonly queue: string | null;
  /** null: the run's. */
  readonly priority: number | null;
  readonly policy: StepPolicy;
  readonly compensation: CompensationNode | null;
  readonly columns: readonly ColumnDefinition[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    step: StepNode;
  }
  interface Flow<In> {
    /** Adds a step: a handler class, with `params` when the handler asks for them. */
    then<H extends AnyStep>(
      handler: Type<H> & Accepts<H, In>,
      ...options: void extends ParamsOf<H>
        ? [PlacementOptions<In, OutputOf<H>>?]
        : [PlacementOptions<In, OutputOf<H>, ParamsOf<H>> & { params: (ctx: ReadContext<In>) => ParamsOf<H> }]
    ): Flow<In>;
    /** Adds a small step as a plain function. */
    then(id: string, run: PlainStep<In>, options?: PlacementOptions<In>): Flow<In>;
  }
}

export interface LooseOptions extends Omit<PlacementOptions, 'retry'> {
  readonly retry?: RetryOptions;
  readonly params?: (ctx: ReadContext<never>) => unknown;
}

FlowBuilder.prototype.then = function (this: FlowBuilder<unknown>, handlerOrId: Type<AnyStep> | string, ...rest: unknown[]) {
  this.nodes.push(
    typeof handlerOrId === 'string'
      ? plainStep(this.name, handlerOrId, rest[0] as PlainStep<never>, (rest[1] as LooseOptions | undefined) ?? {})
      : handlerStep(this.name, handlerOrId, (rest[0] as LooseOptions | undefined) ?? {}),
  );
  return this;
} as FlowBuilder<unknown>['then'];

/** A handler as a step of a graph. @throws StepwellError OPTION_INVALID */
export function handlerStep(workflow: string, handler: Type<AnyStep>, options: LooseOptions): StepNode {
  const metadata = stepMetadata(handler);
  if (!metadata)
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${workflow}"`,
      reason: `${handler.name} has no @Step({ id }) decorator.`,
    });
  const node = placed(workflow, options.id ?? metadata.id, options);
  const own = {
    output: node.policy.output ?? metadata.policy.output,
    heartbeatMs: node.policy.heartbeatMs ?? metadata.policy.heartbeatMs,
    externalEffect: node.policy.externalEffect ?? metadata.policy.externalEffect,
  };
  return checked(workflow, {
    ...node,
    handler,
    run: undefined,
    params: options.params,
    retry: options.retry ? node.retry : (metadata.retry ?? NO_RETRY),
    onExhausted: options.onExhausted ? node.onExhausted : metadata.onExhausted,
    timeoutMs: node.timeoutMs ?? metadata.timeoutMs,
    queue: node.queue ?? metadata.queue,
    priority: node.priority ?? metadata.priority,
    policy: { ...node.policy, ...verifiedByHandler(own, handler, `Workflow "${workflow}", step "${node.id}"`) },
  });
}

function plainStep(workflow: string, id: string, run: PlainStep<never>, options: LooseOptions): StepNode {
  return checked(workflow, { ...placed(workflow, options.id ?? id, options), handler: undefined, run, params: undefined });
}

/** What can only be said of the handler's options and those of the place together. */
function checked(workflow: string, node: StepNode): StepNode {
  const { onFailure, externalEffect, delivery, idempotency, cache } = node.policy;
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where: `Workflow "${workflow}", step "${node.id}"`, reason });
  if (onFailure && node.onExhausted === 'park')
    throw refuse("onFailure and onExhausted: 'park' both say what becomes of a step out of attempts. Leave one of them out.");
  if ((externalEffect || node.compensation) && delivery && delivery.mode !== 'durable')
    throw refuse(
      `a step with ${externalEffect ? 'an externalEffect' : 'an undo'} is written at once; leave out delivery: '${delivery.mode}'.`,
    );
  if (node.compensation && (idempotency || cache))
    throw refuse('what other runs use, too (idempotency, cache), is not for one of them to undo. Leave out compensate.');
  return node;
}

function placed(workflow: string, id: string, options: LooseOptions) {
  const where = `Workflow "${workflow}", step "${checkId(id)}"`;
  return {
    kind: 'step' as const,
    id,
    retry: retryPolicy(options.retry, where),
    onExhausted: onExhausted(options.onExhausted, where) ?? 'fail',
    timeoutMs: options.timeout === undefined ? null : parseDuration(options.timeout, `${where}, timeout`),
    queue: queueName(options.queue, where),
    priority: options.priority === undefined ? null : priorityOf(where, options.priority),
    policy: stepPolicy(options, where),
    compensation: options.compensate ? compensationOf(options.compensate as Type<AnyStep>, { id, params: options.params }, where) : null,
    columns: columnDefinitions(options.columns, where),
  };
}
