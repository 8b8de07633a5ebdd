/**
 * From workflow modules to the catalog, with every check that a boot can make: each failure is one sentence that says where and what to
 * do, and the app does not start.
 */
import type { Provider } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import {
  compile,
  eventsAwaitedBy,
  eventsEmittedBy,
  type Graph,
  handlerOf,
  type HostedWorkflow,
  WorkflowCatalog,
  workflowsStartedBy,
} from '@stepwell/engine';
import { authored, definitionOf, type Type, workflowModuleOptions, type WorkflowModuleOptions } from '@stepwell/sdk';
import { CalendarCheck } from './calendar-check.js';
import { EntityCheck } from './entity-check.js';
import { HandlerCheck } from './handler-check.js';
import { lotOf } from '../worker/lot-of.js';
import { moduleName } from './module-name.js';

/** Injection token of what this process hosts. */
export const HOSTED_MODULES = Symbol('HOSTED_MODULES');

export interface HostedModules {
  readonly catalog: WorkflowCatalog;
  /** Names in the modules' `events`: emitted by handlers, so not visible in the graphs. */
  readonly declaredEvents: readonly string[];
  readonly entities: readonly Type<object>[];
}

/** @throws StepwellError WORKFLOW_DUPLICATE, HANDLER_MISSING, HANDLER_DUPLICATE, HANDLER_UNRESOLVED, CALENDAR_DUPLICATE, EVENT_UNKNOWN, PROCESSOR_UNKNOWN, OPTION_INVALID and those of `compile` */
export function hostedWorkflows(modules: readonly Type<object>[]): HostedModules {
  const options = modules.map((module) => ({ module, options: optionsOf(module) }));
  refuseDuplicates(options);
  const handlers = new HandlerCheck();
  const entities = new EntityCheck();
  const calendars = new CalendarCheck();
  const hosted: HostedWorkflow[] = [];
  for (const one of options) {
    const provided = new Set((one.options.providers ?? []).map(tokenOf));
    for (const type of (one.options.providers ?? []).map(classOf)) if (type) handlers.add(type, one.module);
    for (const entity of one.options.entities ?? []) entities.add(entity, one.module);
    for (const declared of one.options.workflows) {
      const definition = definitionOf(declared);
      calendars.add(definition, one.module);
      const graph = authored(`Workflow "${definition.name}"`, () => compile(definition));
      requireHandlers(graph, provided, definition.interceptors);
      const [processor] = graph.root.nodes.flatMap((node) => (node.definition.kind === 'emit-records' ? node.definition.processor : []));
      hosted.push({ definition, graph, needs: `${definition.name}@${definition.version}`, processor });
    }
  }
  const catalog = new WorkflowCatalog(hosted, lotOf);
  const declaredEvents = options.flatMap((one) => (one.options.events ?? []).map((event) => event.name));
  for (const one of hosted) requireRest(catalog, one);
  for (const one of hosted) checkMigrations(one);
  checkReferences(catalog, declaredEvents);
  return { catalog, declaredEvents, entities: options.flatMap((one) => one.options.entities ?? []) };
}

function optionsOf(module: Type<object>): WorkflowModuleOptions {
  const options = workflowModuleOptions(module);
  if (options) return options;
  throw new StepwellError('OPTION_INVALID', { where: module.name, reason: 'it has no @WorkflowModule({ workflows }) decorator.' });
}

/** First of all: a folder that was copied has workflows and handlers twice, and the workflow is what its author knows. */
function refuseDuplicates(modules: readonly { readonly module: Type<object>; readonly options: WorkflowModuleOptions }[]): void {
  const seen = new Map<string, Type<object>>();
  for (const { module, options } of modules) {
    for (const declared of options.workflows) {
      const { name, version } = definitionOf(declared);
      const workflow = `${name}@${version}`;
      const before = seen.get(workflow);
      if (before) throw new StepwellError('WORKFLOW_DUPLICATE', { workflow, first: moduleName(before), second: moduleName(module) });
      seen.set(workflow, module);
    }
  }
}

/** Whatever its share leaves over is of another version. */
function requireRest(catalog: WorkflowCatalog, { definition: { name, version, canary } }: HostedWorkflow): void {
  const rest = catalog.get(name)?.definition;
  if (!canary || (rest && !rest.isDeprecated && !rest.canary && rest.version < version)) return;
  const reason = 'there is no older version, hosted and not deprecated, for the other runs. Host that one too, or leave `canary` out.';
  throw new StepwellError('OPTION_INVALID', { where: `Workflow "${name}" version ${version}, canary`, reason });
}

/** A plan that names what is not there would be found wrong on the day that it is needed. */
function checkMigrations({ definition: { name, version, migrations }, graph }: HostedWorkflow): void {
  for (const { from, rename } of migrations) {
    const refuse = (reason: string) =>
      new StepwellError('OPTION_INVALID', { where: `Workflow "${name}" version ${version}, migration from version ${from}`, reason });
    if (from === version) throw refuse('a run goes to another version than its own.');
    if (migrations.filter((one) => one.from === from).length > 1) throw refuse('there are two of them. Make one of the two.');
    const missing = [...rename].find(([, to]) => !graph.byId.has(to));
    if (missing) throw refuse(`"${missing[0]}" is renamed to "${missing[1]}", but there is no such node.`);
  }
}

function tokenOf(provider: Provider): unknown {
  return typeof provider === 'function' ? provider : provider.provide;
}

/** The class that the container builds for a provider, if it builds one. */
function classOf(provider: Provider): Type<unknown> | undefined {
  if (typeof provider === 'function') return provider as Type<unknown>;
  return 'useClass' in provider ? provider.useClass : undefined;
}

function requireHandlers(graph: Graph, provided: ReadonlySet<unknown>, interceptors: readonly Type<object>[]): void {
  for (const handler of [...[...graph.byPath.values()].map(handlerOf), ...interceptors]) {
    if (handler && !provided.has(handler)) throw new StepwellError('HANDLER_MISSING', { workflow: graph.workflow, handler: handler.name });
  }
}

function checkReferences(catalog: WorkflowCatalog, declared: readonly string[]): void {
  const emitted = new Set([...declared, ...catalog.all().flatMap(({ graph }) => eventsEmittedBy(graph))]);
  for (const { definition, graph } of catalog.all()) {
    const processor = workflowsStartedBy(graph).find((name) => !catalog.get(name));
    if (processor !== undefined) throw new StepwellError('PROCESSOR_UNKNOWN', { workflow: definition.name, processor });
    const unknown = [...definition.startOn, ...eventsAwaitedBy(graph)].find(({ external, event }) => !external && !emitted.has(event));
    if (unknown) throw new StepwellError('EVENT_UNKNOWN', { workflow: definition.name, event: unknown.event });
  }
}
