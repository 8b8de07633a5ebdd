import { checkId } from '../check-id.js';
import type { Event } from '../event.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { ReadContext } from '../read-context.js';

export interface EmitOptions<In> {
  readonly id?: string;
  /** Stored with the event and shown in its history; de-duplicates nothing unless a listener asks for it. */
  readonly idempotencyKey?: (ctx: ReadContext<In>) => string;
}

export interface EmitNode extends NodeBase {
  readonly kind: 'emit';
  readonly event: string;
  readonly payload: (ctx: ReadContext<never>) => unknown;
  readonly idempotencyKey: ((ctx: ReadContext<never>) => string) | undefined;
}

declare module '../flow.js' {
  interface NodeDefinitions {
    emit: EmitNode;
  }
  interface Flow<In> {
    /** Appends an event, in the same commit as the step before it. */
    emit<P>(event: Event<P>, payload: (ctx: ReadContext<In>) => NoInfer<P>, options?: EmitOptions<In>): Flow<In>;
  }
}

FlowBuilder.prototype.emit = function (
  this: FlowBuilder<unknown>,
  event: Event<unknown>,
  payload: (ctx: ReadContext) => unknown,
  options: EmitOptions<unknown> = {},
) {
  const id = options.id === undefined ? this.nextId('emit') : checkId(options.id);
  this.nodes.push({ kind: 'emit', id, event: event.name, payload, idempotencyKey: options.idempotencyKey });
  return this;
} as FlowBuilder<unknown>['emit'];
