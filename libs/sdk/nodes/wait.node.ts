import { checkId } from '../check-id.js';
import { type DurationText, parseDuration } from '../duration.js';
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
}

declare module '../flow.js' {
  interface NodeDefinitions {
    wait: WaitNode;
  }
  interface Flow<In> {
    /** Waits for a duration. The timer is durable: a waiting run costs a row and no memory. */
    wait(duration: DurationText | ((ctx: ReadContext<In>) => DurationText), options?: { id?: string }): Flow<In>;
    /** Waits until an instant; one that has passed is waited for not at all. A text needs its offset: `'2026-03-01T08:00Z'`. */
    waitUntil(instant: InstantText | ((ctx: ReadContext<In>) => InstantText), options?: { id?: string }): Flow<In>;
  }
}

FlowBuilder.prototype.wait = function (
  this: FlowBuilder<unknown>,
  duration: DurationText | ((ctx: ReadContext) => DurationText),
  options: { id?: string } = {},
) {
  return addWait(this, options.id, (where) => {
    if (typeof duration === 'function') return { ...VARYING, dueAt: (ctx, now) => now + parseDuration(duration(ctx), where) };
    const durationMs = parseDuration(duration, where);
    return { ...VARYING, durationMs, dueAt: (_ctx, now) => now + durationMs };
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
const VARYING = { durationMs: null, untilAt: null };

function addWait(flow: FlowBuilder<unknown>, given: string | undefined, timer: (where: string) => Timer): FlowBuilder<unknown> {
  const id = given === undefined ? flow.nextId('wait') : checkId(given);
  flow.nodes.push({ kind: 'wait', id, ...timer(`Workflow "${flow.name}", wait "${id}"`) });
  return flow;
}
