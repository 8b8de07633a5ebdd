import 'reflect-metadata';
import { Module, type Provider } from '@nestjs/common';
import type { Event } from './event.js';
import { type OptionNames, refuseUnknown } from './known-options.js';
import type { Type } from './type.js';
import type { Hosted } from './workflow.js';

export interface WorkflowModuleOptions {
  readonly workflows: readonly Hosted[];
  /** Handlers, screens and services. */
  readonly providers?: readonly Provider[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- events of every payload type
  readonly events?: readonly Event<any>[];
  /**
   * The module's own TypeORM entities: `*.entity.ts` in its folder, with tables from `migrations/` in a schema named after the folder
   * (`workflows/strike-review`: `@Entity({ schema: 'strike_review', name: 'filed_strikes' })`). Steps reach them by
   * `ctx.transaction((manager) => manager.getRepository(...))`; have the tenant in every key.
   */
  readonly entities?: readonly Type<object>[];
}

const OPTIONS: OptionNames<WorkflowModuleOptions> = { workflows: true, providers: true, events: true, entities: true };

const WORKFLOW_MODULE = Symbol('stepwell.workflow-module');

/**
 * Marks a Nest module that hosts workflows. `workflows/<name>/<name>.module.ts` is found at boot by being there.
 * List in `events` what the handlers emit with `ctx.emit`; events of `.emit(...)` nodes are known from the graph.
 *
 * @throws StepwellError OPTION_INVALID for an option that there is not
 */
export function WorkflowModule(options: WorkflowModuleOptions): ClassDecorator {
  return (target) => {
    refuseUnknown(`@WorkflowModule ${target.name}`, options, OPTIONS);
    Reflect.defineMetadata(WORKFLOW_MODULE, options, target);
    Module({ providers: [...(options.providers ?? [])], exports: [...(options.providers ?? [])] })(target);
  };
}

/** @returns what `@WorkflowModule` declared, or `undefined` for any other class */
export function workflowModuleOptions(target: object): WorkflowModuleOptions | undefined {
  return Reflect.getMetadata(WORKFLOW_MODULE, target) as WorkflowModuleOptions | undefined;
}
