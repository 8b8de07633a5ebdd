/** What an author may ask of one step beside trying it again: whether and when it runs, how long it may take, and what else may stand in for its output. */
import { StepwellError } from '@stepwell/contracts';
import { type AccessPolicy, accessPolicy, type ContextAccess } from './context-access.js';
import { type Delivery, deliveryOfStep, type DeliveryPolicy } from './delivery.js';
import { type DurationText, parseDuration } from './duration.js';
import { type JsonSchema, type OutputCheck, outputCheck } from './output-check.js';
import type { ReadContext } from './read-context.js';
import type { StepContext } from './step-context.js';
import type { Type } from './type.js';

/** Why a step came to nothing, as a stand-in sees it. */
export interface StepFailure {
  /** As of an `AttemptError`; `'DEADLINE_PASSED'` when the time of the step was over. */
  readonly code: string;
  readonly message: string;
  /** The number of its last attempt. */
  readonly attempt: number;
}

/**
 * Gives an output in place of the step's own. It is called as a step is: once its output is recorded never again, after a crash again from
 * the top, with a `ctx.idempotencyKey` of its own, within the step's `timeout`; it may emit and use `ctx.transaction`, but not suspend.
 * What it throws fails the step.
 */
export type StandIn<In, Out> = (failure: StepFailure, ctx: StepContext<In>) => Out | Promise<Out>;

export interface DeadlineOptions<In = never, Out = unknown> {
  readonly after: DurationText;
  /** Called when the time is over; without it, or when it throws, the step fails with `DEADLINE_PASSED`. */
  readonly onBreach?: StandIn<In, Out>;
}

export interface StepPolicies<In = never, Out = unknown> {
  /**
   * Asked once, when the step is reached. When it says no, the step is skipped: it has no output, `resultOf('id')` and `maybeResultOf` of it
   * give `undefined`, `resultOf(Handler)` throws `STEP_NOT_RUN`, and the run goes on behind it. Asked before the `delay`.
   */
  readonly when?: (ctx: ReadContext<In>) => boolean | Promise<boolean>;
  /** A durable pause before the first attempt, from when the step is reached: `'15m'`, `'PT15M'`, or a function that says it once. */
  readonly delay?: DurationText | ((ctx: ReadContext<In>) => DurationText);
  /**
   * How long the step may take over all its attempts, pauses and suspensions, from when it is reached, its `delay` included. What is still
   * running then is aborted, and what it returns later discarded. A person who retries an incident of the step is not held to it.
   */
  readonly deadline?: DurationText | DeadlineOptions<In, Out>;
  /** Called when the attempts are used up, or one failed for good: its result is the step's output, marked as a substitute. */
  readonly onFailure?: StandIn<In, Out>;
  /** What the output has to look like: a class with validators, or a JSON Schema (2020-12). Another output fails the attempt, by field. */
  readonly output?: Type<Out> | JsonSchema;
  /** An attempt from which nothing is heard for so long (`ctx.heartbeat()`, `ctx.progress(...)`) has failed. Default: none. */
  readonly heartbeatTimeout?: DurationText;
  /**
   * The step does something outside that must not happen twice, such as a charge. Each attempt is written down before it begins (one commit
   * more). When its outcome is not known, after a crash, a time-out or an `UnknownEffectError`, the step is neither tried again nor fails:
   * `verify` is asked, up to ten times with growing pauses, and then a person. An attempt that is under way is not cut by the `deadline`.
   * A handler that has a method `verify` needs no other: `externalEffect: true`.
   */
  readonly externalEffect?: true | { readonly verify: Verify<In, Out> };
  /**
   * Runs with the same key do the step once, whichever workflow they are of: the others of the tenant wait for who is at it (while its lease
   * holds), and then have its output, for as long as `ttl` says. The key is asked for once, when the step is reached, and is the handler's
   * `ctx.idempotencyKey`. The lease (default 5 m) begins anew while the handler runs; a step that suspends needs one as long as its wait.
   * When the step fails for good, the key is free. With `externalEffect` an attempt whose outcome is not known has the key for `ttl`, or until a
   * person says what became of it. Not with `ctx.transaction`.
   */
  readonly idempotency?: {
    readonly key: (ctx: ReadContext<In>) => string;
    readonly lease?: DurationText;
    /** Default: 30 days. */
    readonly ttl?: DurationText;
  };
  /** An output that is younger than `ttl` is taken for the key, of any run of the tenant; else the handler runs, and its output is kept. */
  readonly cache?: { readonly key: (ctx: ReadContext<In>) => string; readonly ttl: DurationText };
  /** What the handler gets to see of its run: `{ data: { input: ['customer.email'] }, config: ['mailKey'] }`. Default: all of it. */
  readonly access?: ContextAccess;
  /** When the output is written: at once (`durable`), every so many items (`checkpoint`) or with what is written next (`direct`). Default: the workflow's. */
  readonly delivery?: Delivery;
  /** A boundary: the output, and all before it, is written before anything else begins, also where the workflow's `delivery` is another. */
  readonly checkpoint?: true;
}

/** What became of an effect: it happened, and this is what the step would have returned; it did not; or nobody can say yet. */
export type Verdict<Out = unknown> = { readonly happened: true; readonly output: Out } | { readonly happened: false } | 'unknown';

/**
 * Finds out what became of an effect, mostly by asking the service for `ctx.idempotencyKey`, which is that of the attempt. A request may
 * still be under way there: say `'unknown'` while that may be. It only looks: `ctx.transaction`, `ctx.emit` and suspending are refused.
 */
export type Verify<In, Out> = (ctx: StepContext<In>) => Verdict<Out> | Promise<Verdict<Out>>;

/** The policies that belong to a handler as well as to a place: its decorator may set them, and the place overrides them. */
export type HandlerPolicies = Pick<StepPolicies<never>, 'heartbeatTimeout'> & {
  readonly output?: Type<unknown> | JsonSchema;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler may stand in flows of any input
  readonly externalEffect?: true | { readonly verify: Verify<any, unknown> };
};

/** Policies with durations in milliseconds; null for what the author left alone. */
export interface StepPolicy {
  readonly when: ((ctx: ReadContext<never>) => boolean | Promise<boolean>) | null;
  /** Asked once, when the step is reached. */
  readonly delayMs: ((ctx: ReadContext<never>) => number) | null;
  /** Where it is the same for every run. */
  readonly fixedDelayMs: number | null;
  readonly deadlineMs: number | null;
  readonly onBreach: StandIn<never, unknown> | null;
  readonly onFailure: StandIn<never, unknown> | null;
  readonly output: OutputCheck | null;
  readonly heartbeatMs: number | null;
  readonly externalEffect: ExternalEffect | null;
  readonly access: AccessPolicy | null;
  /** null: as the workflow says. */
  readonly delivery: DeliveryPolicy | null;
  readonly idempotency: { readonly key: StepKeyOf; readonly leaseMs: number; readonly ttlMs: number } | null;
  readonly cache: { readonly key: StepKeyOf; readonly ttlMs: number } | null;
}

type StepKeyOf = (ctx: ReadContext<never>) => string;

export interface ExternalEffect {
  /** `handler` is the one at this place, as the container built it; undefined for a plain function. */
  readonly verify: ((ctx: StepContext<never>, handler: unknown) => unknown) | null;
}

/** @throws StepwellError OPTION_INVALID, naming the option and what it takes */
export function stepPolicy(policies: StepPolicies, where: string): StepPolicy {
  const { when, delay, deadline, onFailure } = policies;
  const { after, onBreach } = typeof deadline === 'object' ? deadline : { after: deadline, onBreach: undefined };
  const fixedDelayMs = delay === undefined || typeof delay === 'function' ? null : parseDuration(delay, `${where}, delay`);
  const deadlineMs = deadline === undefined ? null : parseDuration(after ?? '', `${where}, deadline`);
  if (deadlineMs !== null && deadlineMs <= (fixedDelayMs ?? 0))
    throw new StepwellError('OPTION_INVALID', {
      where,
      reason: `the deadline counts from when the step is reached, so it is longer than its delay.`,
    });
  return {
    when: functionOrNull(when, 'when', '(ctx) => ctx.input.total > 100', where),
    delayMs:
      typeof delay === 'function'
        ? (ctx) => parseDuration(delay(ctx), `${where}, delay`)
        : fixedDelayMs === null
          ? null
          : () => fixedDelayMs,
    fixedDelayMs,
    deadlineMs,
    onBreach: functionOrNull(onBreach, 'deadline.onBreach', '(failure, ctx) => ({ late: true })', where),
    onFailure: functionOrNull(onFailure, 'onFailure', '(failure, ctx) => ({ rate: null })', where),
    access: accessPolicy(policies.access, where),
    delivery: deliveryOfStep(policies, where),
    ...keyPolicies(policies, where),
    ...handlerPolicy(policies as HandlerPolicies, where),
  };
}

function keyPolicies({ idempotency, cache }: StepPolicies, where: string): Pick<StepPolicy, 'idempotency' | 'cache'> {
  const example = "(ctx) => 'order:' + ctx.input.orderId";
  const keyOf = (key: StepKeyOf, option: string) =>
    functionOrNull(key, `${option}.key`, example, where) ?? refuseKey(option, example, where);
  const ms = (text: DurationText, option: string) => parseDuration(text, `${where}, ${option}`);
  return {
    idempotency: idempotency
      ? {
          key: keyOf(idempotency.key, 'idempotency'),
          leaseMs: ms(idempotency.lease ?? '5m', 'idempotency.lease'),
          ttlMs: ms(idempotency.ttl ?? '30d', 'idempotency.ttl'),
        }
      : null,
    cache: cache ? { key: keyOf(cache.key, 'cache'), ttlMs: ms(cache.ttl ?? '', 'cache.ttl') } : null,
  };
}

function refuseKey(option: string, example: string, where: string): never {
  throw new StepwellError('OPTION_INVALID', { where, reason: `${option}.key is missing; it is a function, such as ${example}.` });
}

/** @throws StepwellError OPTION_INVALID, naming the option and what it takes */
export function handlerPolicy({ output, heartbeatTimeout, externalEffect }: HandlerPolicies, where: string): HandlerPolicy {
  return {
    output: outputCheck(output, where),
    heartbeatMs: heartbeatTimeout === undefined ? null : parseDuration(heartbeatTimeout, `${where}, heartbeatTimeout`),
    externalEffect: effectOrNull(externalEffect, where),
  };
}

export type HandlerPolicy = Pick<StepPolicy, 'output' | 'heartbeatMs' | 'externalEffect'>;

function effectOrNull(effect: HandlerPolicies['externalEffect'], where: string): ExternalEffect | null {
  if (effect === undefined) return null;
  if (effect === true) return { verify: null };
  if (typeof effect === 'object' && typeof effect?.verify === 'function') return effect;
  throw new StepwellError('OPTION_INVALID', { where, reason: 'externalEffect is true, or { verify } with a function of the context.' });
}

/**
 * With the handler's own `verify`, where it has one and the place names no other.
 *
 * @throws StepwellError OPTION_INVALID for a `verify` that nobody would ask
 */
export function verifiedByHandler(policy: HandlerPolicy, handler: Type<unknown>, where: string): HandlerPolicy {
  const { verify } = handler.prototype as { verify?: unknown };
  if (typeof verify !== 'function') return policy;
  if (!policy.externalEffect)
    throw new StepwellError('OPTION_INVALID', {
      where,
      reason: `${handler.name} has a method verify, which is asked only of a step with externalEffect: true.`,
    });
  const byHandler = (ctx: StepContext<never>, own: unknown) => (own as { verify: (ctx: StepContext<never>) => unknown }).verify(ctx);
  return { ...policy, externalEffect: { verify: policy.externalEffect.verify ?? byHandler } };
}

function functionOrNull<F>(given: F | undefined, option: string, example: string, where: string): F | null {
  if (given === undefined || typeof given === 'function') return given ?? null;
  throw new StepwellError('OPTION_INVALID', { where, reason: `${option} is a function, such as ${example}.` });
}
