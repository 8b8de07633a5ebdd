import { StepwellError } from '@stepwell/contracts';
import { authored } from './authored.js';
import type { BusinessCalendar } from './calendar/business-calendar.js';
import { type Canary, canaryOf } from './canary.js';
import { type Cap, capOf, priorityOf } from './cap.js';
import { type ColumnDefinition, columnDefinitions } from './columns.js';
import { type Config, configOf } from './config.js';
import { checkId } from './check-id.js';
import { type DeliveryPolicy, deliveryPolicy, DURABLE } from './delivery.js';
import type { StartOn } from './event.js';
import { type Flow, FlowBuilder, guardMethods, type NodeDefinition } from './flow.js';
import type { Interceptor } from './interceptor.js';
import { cancelOnNodes } from './nodes/cancel-on.node.js';
import type { MigrationPlan } from './migration.js';
import type { ScheduleOptions } from './schedule.js';
import type { Signal } from './signal.js';
import type { Type } from './type.js';
import type { WorkflowOptions } from './workflow-options.js';

/** A workflow as the engine takes it: a value, built once at boot. */
export interface WorkflowDefinition {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  readonly isDeprecated: boolean;
  readonly canary: Canary | undefined;
  readonly migrations: readonly MigrationPlan[];
  readonly calendar: BusinessCalendar | undefined;
  readonly input: Type<unknown> | undefined;
  readonly nodes: readonly NodeDefinition[];
  readonly startOn: readonly StartOn<unknown>[];
  readonly signals: readonly Signal<object>[];
  readonly columns: readonly ColumnDefinition[];
  readonly schedule: ScheduleOptions<unknown> | undefined;
  readonly cap: Cap | undefined;
  readonly priority: number;
  readonly config: Config;
  readonly delivery: DeliveryPolicy;
  readonly interceptors: readonly Type<Interceptor>[];
  readonly maxInjected: number;
}

/**
 * Begins a workflow.
 *
 * @param name unique in the installation; stored with every run
 * @param options input class and version; raise the version when the graph changes
 */
export function workflow<In>(name: string, options: WorkflowOptions<In>): Flow<In> {
  checkId(name);
  guardMethods();
  const version = authored(`Workflow "${name}"`, () => options.version);
  if (!Number.isInteger(version) || version < 1) {
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${name}", version`,
      reason: 'a version is a whole number of at least 1.',
    });
  }
  return new FlowBuilder<In>(options, name);
}

/** Anything a module can host: what `workflow()` or `emitter()` built. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a module hosts workflows of every input type
export type Hosted = Flow<any>;

/** Reads the finished definition out of what `workflow()` or `emitter()` built. */
export function definitionOf(hosted: Hosted): WorkflowDefinition {
  if (!(hosted instanceof FlowBuilder)) {
    throw new StepwellError('OPTION_INVALID', {
      where: '@WorkflowModule, workflows',
      reason: 'list what workflow() or emitter() returned.',
    });
  }
  const builder = hosted as FlowBuilder<unknown>;
  return authored(`Workflow "${builder.name}"`, () => read(builder));
}

function read({ options, name, nodes }: FlowBuilder<unknown>): WorkflowDefinition {
  const list = <T>(option: string, items: readonly T[] | undefined): readonly T[] => listOf(`Workflow "${name}", ${option}`, items);
  return {
    name,
    title: options.title ?? name,
    version: options.version,
    isDeprecated: options.deprecated ?? false,
    canary: canaryOf(`Workflow "${name}" version ${options.version}`, options.canary, options.deprecated ?? false),
    migrations: list('migrations', options.migrations),
    calendar: options.calendar,
    input: options.input,
    // An empty graph stays empty: the boot refuses it.
    nodes: nodes.length === 0 ? [] : [...cancelOnNodes(list('cancelOn', options.cancelOn)), ...nodes],
    startOn: list('startOn', options.startOn),
    signals: signalsOf(name, list('signals', options.signals)),
    columns: columnDefinitions(options.columns, `Workflow "${name}"`),
    schedule: options.schedule,
    cap: capOf(`Workflow "${name}"`, options.concurrency, options.singleton),
    priority: priorityOf(`Workflow "${name}"`, options.priority),
    config: configOf(options.config, `Workflow "${name}"`),
    delivery: deliveryPolicy(options.delivery, `Workflow "${name}"`) ?? DURABLE,
    interceptors: list('interceptors', options.interceptors),
    maxInjected: maxInjectedOf(options.maxInjected, `Workflow "${name}"`),
  };
}

function listOf<T>(where: string, items: readonly T[] | undefined): readonly T[] {
  const isThing = (item: unknown): boolean => typeof item === 'function' || (typeof item === 'object' && item !== null);
  if (items === undefined) return [];
  if (Array.isArray(items) && Array.from(items).every(isThing)) return items as readonly T[];
  throw new StepwellError('OPTION_INVALID', { where, reason: 'it is a list, and there is something else in it or in its place.' });
}

const MAX_INJECTED = 100;
/** An inject point is looked through as a whole. */
const MOST_INJECTED = 10_000;

function maxInjectedOf(count: number | undefined, where: string): number {
  const max = count ?? MAX_INJECTED;
  if (Number.isInteger(max) && max >= 1 && max <= MOST_INJECTED) return max;
  throw new StepwellError('OPTION_INVALID', { where, reason: `maxInjected is a whole number from 1 to ${MOST_INJECTED}.` });
}

function signalsOf(workflow: string, signals: readonly Signal<object>[]): readonly Signal<object>[] {
  const twice = signals.find(({ name }, index) => signals.findIndex((one) => one.name === name) < index);
  if (twice)
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${workflow}", signals`,
      reason: `two of them are named "${twice.name}". Rename one.`,
    });
  return signals;
}
