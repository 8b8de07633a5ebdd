import { timeSpan, type TimeSpanText } from '../calendar/time-span.js';
import { checkId } from '../check-id.js';
import { type InstantText, parseInstant } from '../instant.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { ReadContext } from '../read-context.js';

export interface WaitNode extends NodeBase {
  readonly kind: 'wait';
  /** When it is due, milliseconds since 1970, for a wait that begins at `now`. Said once, when the wait begins. */
  readonly dueAt: (ctx: ReadContext<never>, now: number) => number;
  /** Where they are the same for every run: how long, or until when (milliseconds since 1970). */
  readonly durationMs: number | null;
  readonly untilAt: number | null;
  /** As it was written, where it is in business time: `'2bd'`. */
  readonly business: string | null;
}

declare module '../flow.js' {
  interface NodeDefinitions {
    wait: WaitNode;
  }
  interface Flow<In> {
    /** Waits for a duration, also in business time (`'2bd'`). The timer is durable: a waiting run costs a row and no memory. */
    wait(duration: TimeSpanText | ((ctx: ReadContext<In>) => TimeSpanText), options?: { id?: string }): Flow<In>;
    /** Waits until an instant; one that has passed is waited for not at all. A text needs its offset: `'2026-03-01T08:00Z'`. */
    waitUntil(instant: InstantText | ((ctx: ReadContext<In>) => InstantText), options?: { id?: string }): Flow<In>;
  }
}

FlowBuilder.prototype.wait = function (
  this: FlowBuilder<unknown>,
  duration: TimeSpanText | ((ctx: ReadContext) => TimeSpanText),
  options: { id?: string } = {},
) {
  return addWait(this, options.id, (where) => {
    const { calendar } = this.options;
    if (typeof duration === 'function') return { ...VARYING, dueAt: (ctx, now) => timeSpan(duration(ctx), calendar, where).end(now) };
    const { ms: durationMs, business, end } = timeSpan(duration, calendar, where);
    return { ...VARYING, durationMs, business, dueAt: (_ctx, now) => end(now) };
  });
};

FlowBuilder.prototype.waitUntil = function (
  this: FlowBuilder<unknown>,
  instant: InstantText | ((ctx: ReadContext) => InstantText),
  options: { id?: string } = {},
) {
  return addWait(this, options.id, (where) => {
    if (typeof instant === 'function') return { ...VARYING, dueAt: (ctx) => parseInstant(instant(ctx), where) };
    const untilAt = parseInstant(instant, where);
    return { ...VARYING, untilAt, dueAt: () => untilAt };
  });
};

type Timer = Omit<WaitNode, 'kind' | 'id'>;
const VARYING = { durationMs: null, untilAt: null, business: null };

function addWait(flow: FlowBuilder<unknown>, given: string | undefined, timer: (where: string) => Timer): FlowBuilder<unknown> {
  const id = given === undefined ? flow.nextId('wait') : checkId(given);
  flow.nodes.push({ kind: 'wait', id, ...timer(`Workflow "${flow.name}", wait "${id}"`) });
  return flow;
}
