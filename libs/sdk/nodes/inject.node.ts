import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { parseDuration } from '../duration.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { Accepts, AnyStep, ParamsOf } from '../handlers.js';
import type { InjectedItem, InjectedNode } from '../injection.js';
import type { OutputOf } from '../results.js';
import { retryPolicy } from '../retry.js';
import type { Type } from '../type.js';
import { handlerStep, type LooseOptions, type PlacementOptions, type StepNode } from './step.node.js';

/** A handler that may be injected, with the options of a step. `params` is the class that the params of an injected node have to fit. */
export type Injectable<H extends AnyStep, In> = PlacementOptions<In, OutputOf<H>, ParamsOf<H>> & {
  readonly handler: Type<H> & Accepts<H, In>;
} & (void extends ParamsOf<H> ? { readonly params?: Type<ParamsOf<H>> } : { readonly params: Type<ParamsOf<H>> });

export interface InjectPointOptions {
  readonly id?: string;
}

export interface InjectableStep {
  readonly name: string;
  /** Undefined: it takes none. */
  readonly params: Type<object> | undefined;
  readonly step: StepNode;
}

export interface InjectNode extends NodeBase {
  readonly kind: 'inject';
  readonly handlers: readonly InjectableStep[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    inject: InjectNode;
  }
  interface Flow<In> {
    /**
     * An inject point: runs the nodes that were injected into the run here, one after the other, and goes on when none is left. What may be
     * injected is what stands here, by name, and nothing else. The output is a list of what they came to (`InjectedResult`).
     *
     *     .inject({ research: { handler: Research, params: Topic }, check: { handler: Check, params: Text, timeout: '1m' } })
     */
    inject<H extends Record<string, AnyStep>>(
      handlers: { readonly [Name in keyof H]: Injectable<H[Name], In> },
      options?: InjectPointOptions,
    ): Flow<In>;
  }
}

type Loose = Omit<LooseOptions, 'params'> & { readonly handler: Type<AnyStep>; readonly params?: Type<object> };

FlowBuilder.prototype.inject = function (this: FlowBuilder<unknown>, handlers: Record<string, Loose>, options: InjectPointOptions = {}) {
  const id = options.id === undefined ? this.nextId('inject') : checkId(options.id);
  const all = Object.entries(handlers).map(([name, { handler, params, ...placement }]): InjectableStep => {
    const where = `Workflow "${this.name}", inject "${id}"`;
    if (params !== undefined && typeof params !== 'function')
      throw new StepwellError('OPTION_INVALID', { where, reason: `params of "${checkId(name)}" is a class with validators.` });
    // An undo of it reads the params here; the step itself is given them.
    const own = params && ((ctx: { readonly item: unknown }) => (ctx.item as InjectedItem).params);
    return { name, params, step: handlerStep(this.name, handler, { id: checkId(name), ...placement, ...(own ? { params: own } : {}) }) };
  });
  this.nodes.push({ kind: 'inject', id, handlers: all });
  return this;
} as FlowBuilder<unknown>['inject'];

/**
 * The step as an injected node has it. Which failures are retried stays what the workflow says.
 *
 * @throws StepwellError OPTION_INVALID when an option is not what it has to be
 */
export function injectedStep(step: StepNode, { id, params, options = {} }: Omit<InjectedNode, 'handler'>): StepNode {
  const { retry, timeout, delay, priority } = options;
  const where = `Injected node "${id}"`;
  const { retryOn, giveUpOn, retryIf } = step.retry;
  const delayMs = delay === undefined ? undefined : parseDuration(delay, `${where}, delay`);
  return {
    ...step,
    params: () => params,
    retry: retry ? { ...retryPolicy({ ...retry }, where), retryOn, giveUpOn, retryIf } : step.retry,
    timeoutMs: timeout === undefined ? step.timeoutMs : parseDuration(timeout, `${where}, timeout`),
    priority: priority ?? step.priority,
    policy: delayMs === undefined ? step.policy : { ...step.policy, delayMs: () => delayMs, fixedDelayMs: delayMs },
  };
}
