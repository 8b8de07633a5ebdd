import type { Columns } from './columns.js';
import type { CancelOn, StartOn } from './event.js';
import type { ScheduleOptions } from './schedule.js';
import type { Type } from './type.js';

export interface WorkflowOptions<In> {
  /** The class-validator class of the input; every start is validated against it. Without one the input is any JSON. */
  readonly input?: Type<In>;
  readonly version: number;
  /** A line for lists and pages. */
  readonly title?: string;
  /** Events that start a run: `startOn: [on(StrikeReviewed, (event) => ...)]`. */
  readonly startOn?: readonly StartOn<NoInfer<In>>[];
  /** Events that cancel a run while it lives: `cancelOn: [cancelBy(OrderCanceled, (input: Order) => ({ orderId: input.orderId }))]`. */
  readonly cancelOn?: readonly CancelOn<NoInfer<In>>[];
  /** What lists show of each run: `columns: { Airport: (ctx) => ctx.input.airport }`. A step or screen may override one, or add its own. */
  readonly columns?: Columns<NoInfer<In>>;
  readonly schedule?: ScheduleOptions<NoInfer<In>>;
}
