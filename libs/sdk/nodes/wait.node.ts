import { checkId } from '../decorators.js';
import { type DurationText, parseDuration } from '../duration.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { ReadContext } from '../read-context.js';

export interface WaitNode extends NodeBase {
  readonly kind: 'wait';
  /** Milliseconds, or a function of the run that gives a duration text. */
  readonly duration: number | ((ctx: ReadContext<never>) => DurationText);
}

declare module '../flow.js' {
  interface NodeDefinitions {
    wait: WaitNode;
  }
  interface Flow<In> {
    /** Waits for a duration. The timer is durable: a waiting run costs a row and no memory. */
    wait(duration: DurationText | ((ctx: ReadContext<In>) => DurationText), options?: { id?: string }): Flow<In>;
  }
}

FlowBuilder.prototype.wait = function (
  this: FlowBuilder<unknown>,
  duration: DurationText | ((ctx: ReadContext) => DurationText),
  options: { id?: string } = {},
) {
  const id = options.id === undefined ? this.nextId('wait') : checkId(options.id);
  this.nodes.push({
    kind: 'wait',
    id,
    duration: typeof duration === 'string' ? parseDuration(duration, `Workflow "${this.name}", wait "${id}"`) : duration,
  });
  return this;
};
