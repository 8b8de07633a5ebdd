import type { WorkflowDefinition } from '@stepwell/sdk';
import type { Graph } from './graph/graph.js';

/** A workflow this process hosts: its definition and the graph compiled from it. */
export interface HostedWorkflow {
  readonly definition: WorkflowDefinition;
  readonly graph: Graph;
  /** `name@version`: what a run needs its worker to host. */
  readonly needs: string;
  /** Set when it is an emitter: the workflow that handles its records. */
  readonly processor: string | undefined;
}

/** The workflows of this process, by name. Filled once at boot; also the injection token under which the app provides it. */
export class WorkflowCatalog {
  private readonly byName: ReadonlyMap<string, HostedWorkflow>;

  constructor(hosted: readonly HostedWorkflow[]) {
    this.byName = new Map(hosted.map((one) => [one.definition.name, one]));
  }

  get(name: string): HostedWorkflow | undefined {
    return this.byName.get(name);
  }

  all(): readonly HostedWorkflow[] {
    return [...this.byName.values()];
  }
}
