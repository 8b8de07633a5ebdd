import type { BusinessCalendar } from './calendar/business-calendar.js';
import type { CanaryOptions } from './canary.js';
import type { ConcurrencyOptions, SingletonOptions } from './cap.js';
import type { Config } from './config.js';
import type { Columns } from './columns.js';
import type { Delivery } from './delivery.js';
import type { CancelOn, StartOn } from './event.js';
import type { Interceptor } from './interceptor.js';
import type { MigrationPlan } from './migration.js';
import type { ScheduleOptions } from './schedule.js';
import type { Signal } from './signal.js';
import type { Type } from './type.js';

export interface WorkflowOptions<In> {
  /** The class-validator class of the input; every start is validated against it. Without one the input is any JSON. */
  readonly input?: Type<In>;
  /** Raise it when the graph changes. A module may list two versions: the older one goes on with its runs, the newest one has the new ones. */
  readonly version: number;
  /** No new run is of this version; those that there are go on. */
  readonly deprecated?: boolean;
  /** Only so many percent of the new runs are of this version, the others of the next older one: `canary: 10`. */
  readonly canary?: number | CanaryOptions<NoInfer<In>>;
  /** How runs of older versions may go on in this one: `migrations: [migrateFrom(1, { rename: { review: 'check' } })]`. */
  readonly migrations?: readonly MigrationPlan[];
  /** What a business day is: with it, waits and times of screens may be written as `'2bd'` or `'4bh'`. `calendar: businessCalendar({ zone: 'Europe/Berlin' })`. */
  readonly calendar?: BusinessCalendar;
  /** A line for lists and pages. */
  readonly title?: string;
  /** Events that start a run: `startOn: [on(StrikeReviewed, (event) => ...)]`. */
  readonly startOn?: readonly StartOn<NoInfer<In>>[];
  /** Events that cancel a run while it lives: `cancelOn: [cancelBy(OrderCanceled, (input: Order) => ({ orderId: input.orderId }))]`. */
  readonly cancelOn?: readonly CancelOn<NoInfer<In>>[];
  /** What may be said to a run while it lives; every other signal is refused. */
  readonly signals?: readonly Signal<object>[];
  /** What lists show of each run: `columns: { Airport: (ctx) => ctx.input.airport }`. A step or screen may override one, or add its own. */
  readonly columns?: Columns<NoInfer<In>>;
  /** What its steps find in `ctx.config`: `{ region: 'eu', stripeKey: secret('STRIPE_KEY') }`. */
  readonly config?: Config;
  /** Classes that are told of each step, of signals and of the end, in this order, and may rewrite outputs before they are stored. */
  readonly interceptors?: readonly Type<Interceptor>[];
  readonly schedule?: ScheduleOptions<NoInfer<In>>;
  /** At most so many runs are at work at a time: `concurrency: { limit: 5, key: (input) => input.customer }`. The others queue. */
  readonly concurrency?: ConcurrencyOptions<NoInfer<In>>;
  /** At most one run (with a key: one per key) lives at a time, from its first claim to its end. The others queue. Not with `concurrency`. */
  readonly singleton?: true | SingletonOptions<NoInfer<In>>;
  /** From -10 to 10; default 0. Of the queued runs of one tenant and queue those of a higher priority go first. A start may name another. */
  readonly priority?: number;
  /** So many nodes may be injected into a run, over all of its inject points; default 100. */
  readonly maxInjected?: number;
  /** Of steps that do not say it themselves: when their outputs are written. Default `durable`. */
  readonly delivery?: Delivery;
}
