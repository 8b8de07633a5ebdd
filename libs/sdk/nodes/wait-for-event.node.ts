import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type DurationText, parseDuration } from '../duration.js';
import type { EmittedEvent, Event, EventMatch } from '../event.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import { parseInstant } from '../instant.js';
import type { ReadContext } from '../read-context.js';

export interface WaitForEventOptions<In, P> {
  readonly id?: string;
  /** Fields of the payload and what they must be; computed once, when the wait begins. Without it every event of the name fits. */
  readonly match?: (ctx: ReadContext<In>) => EventMatch<P>;
  /** Asked for each event that fits, oldest first; one that it declines is left alone and the wait goes on. Only where `match` is not enough. */
  readonly where?: (event: EmittedEvent<P>, ctx: ReadContext<In>) => boolean | Promise<boolean>;
  /** How long to wait at most; then the output is `{ timedOut: true, event: null }`. Default: for ever. */
  readonly timeout?: DurationText;
  /**
   * From when on events count: since the `start` of the run (the default: one that came early is kept), since the `registration` of this
   * wait, or since an instant.
   */
  readonly since?: 'start' | 'registration' | Date;
}

/** The output of the node: `ctx.resultOf<EventWaitResult<OrderPaid>>('payment')`. */
export type EventWaitResult<P> =
  { readonly timedOut: false; readonly event: EmittedEvent<P> } | { readonly timedOut: true; readonly event: null };

export interface WaitForEventNode extends NodeBase {
  readonly kind: 'wait-for-event';
  readonly event: string;
  readonly external: boolean;
  readonly match: ((ctx: ReadContext<never>) => unknown) | undefined;
  readonly where: ((event: EmittedEvent<never>, ctx: ReadContext<never>) => boolean | Promise<boolean>) | undefined;
  readonly timeoutMs: number | null;
  /** An instant in milliseconds since 1970, or one of the words. */
  readonly since: 'start' | 'registration' | number;
}

declare module '../flow.js' {
  interface NodeDefinitions {
    waitForEvent: WaitForEventNode;
  }
  interface Flow<In> {
    /**
     * Waits for an event. It takes the oldest one that fits and that this run has not taken yet; one event may serve many runs, and each
     * wait once. A waiting run costs a row and no memory.
     */
    waitForEvent<P>(event: Event<P>, options?: WaitForEventOptions<In, NoInfer<P>>): Flow<In>;
  }
}

FlowBuilder.prototype.waitForEvent = function (
  this: FlowBuilder<unknown>,
  { name: event, external }: Event<unknown>,
  options: WaitForEventOptions<unknown, never> = {},
) {
  const id = options.id === undefined ? this.nextId('wait-for-event') : checkId(options.id);
  const where = `Workflow "${this.name}", waitForEvent "${id}"`;
  const timeoutMs = options.timeout === undefined ? null : parseDuration(options.timeout, `${where}, timeout`);
  if (timeoutMs === 0) throw new StepwellError('OPTION_INVALID', { where, reason: 'a timeout of nothing waits for nothing.' });
  const { since = 'start', match } = options;
  this.nodes.push({
    kind: 'wait-for-event',
    id,
    event,
    external,
    match,
    where: options.where,
    timeoutMs,
    since: since === 'start' || since === 'registration' ? since : parseInstant(since, `${where}, since`),
  });
  return this;
} as FlowBuilder<unknown>['waitForEvent'];
