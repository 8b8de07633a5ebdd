import { StepwellError } from '@stepwell/contracts';
import type { WorkflowDefinition } from '@stepwell/sdk';
import type { Graph } from './graph/graph.js';

/** A version of a workflow that this process hosts: its definition and the graph compiled from it. */
export interface HostedWorkflow {
  readonly definition: WorkflowDefinition;
  readonly graph: Graph;
  /** `name@version`: what a run needs its worker to host. */
  readonly needs: string;
  /** Set when it is an emitter: the workflow that handles its records. */
  readonly processor: string | undefined;
}

/** A version whose runs cannot go on in this build. */
export interface ParkedVersion {
  readonly workflow: string;
  readonly version: number;
  /** One sentence: what is missing, and what to do. */
  readonly reason: string;
}

/** What is known of a run before it is started. */
export interface NewStart {
  /** Of the run, or of what starts it: what has the same id is of the same version. */
  readonly id: string;
  readonly input: unknown;
}

/**
 * The workflows of this process, each in one version or several: a run is pinned to its own, and new ones are of the newest that is neither
 * deprecated nor a canary. Filled once at boot; also the injection token under which the app provides it.
 */
export class WorkflowCatalog {
  /** Of each workflow, the newest first. */
  private readonly byName = new Map<string, HostedWorkflow[]>();
  private readonly parkedVersions = new Map<string, ParkedVersion>();

  /** @param lotOf a text's lot, for ever the same, from 0 to 1: which runs are of a canary */
  constructor(
    hosted: readonly HostedWorkflow[],
    private readonly lotOf: (text: string) => number = () => 1,
  ) {
    for (const one of hosted) this.byName.set(one.definition.name, [...this.versions(one.definition.name), one].sort(newestFirst));
  }

  /** The version that new runs are of, canaries aside; the newest when every one is deprecated. */
  get(name: string): HostedWorkflow | undefined {
    const versions = this.versions(name);
    return versions.find(({ definition }) => !definition.isDeprecated && !definition.canary) ?? versions[0];
  }

  version(name: string, version: number): HostedWorkflow | undefined {
    return this.versions(name).find(({ definition }) => definition.version === version);
  }

  /** @throws Error for a run that nobody here should have claimed */
  ofRun({ workflow, version }: { readonly workflow: string; readonly version: number }): HostedWorkflow {
    const hosted = this.version(workflow, version);
    if (!hosted) throw new Error(`Version ${version} of workflow "${workflow}" is not hosted here.`);
    return hosted;
  }

  /** Of one workflow, the newest first. */
  versions(name: string): readonly HostedWorkflow[] {
    return this.byName.get(name) ?? [];
  }

  /**
   * The version that a new run is of. Whoever must not start a deprecated one looks.
   *
   * @throws StepwellError WORKFLOW_NOT_FOUND; INPUT_INVALID when the author's key of a canary throws, or gives no text
   */
  toStart(name: string, { id, input }: NewStart): HostedWorkflow {
    const hosted = this.versions(name).find((one) => this.isDrawn(one, id, input)) ?? this.get(name);
    if (!hosted) throw new StepwellError('WORKFLOW_NOT_FOUND', { workflow: name });
    return hosted;
  }

  /** What each workflow is for those who start it: `get` of each name. */
  current(): readonly HostedWorkflow[] {
    return [...this.byName.keys()].flatMap((name) => this.get(name) ?? []);
  }

  /** Every version. */
  all(): readonly HostedWorkflow[] {
    return [...this.byName.values()].flat();
  }

  /** No worker of this process takes runs of the version: they stay as they are until a build has what they need. */
  park(parked: ParkedVersion): void {
    this.parkedVersions.set(`${parked.workflow}@${parked.version}`, parked);
  }

  parked(): readonly ParkedVersion[] {
    return [...this.parkedVersions.values()];
  }

  /** What this process takes runs of: all that it hosts and has not parked. */
  served(): readonly HostedWorkflow[] {
    return this.all().filter(({ needs }) => !this.parkedVersions.has(needs));
  }

  isServed({ workflow, version }: { readonly workflow: string; readonly version: number }): boolean {
    const needs = `${workflow}@${version}`;
    return this.version(workflow, version) !== undefined && !this.parkedVersions.has(needs);
  }

  private isDrawn({ definition: { name, canary }, needs }: HostedWorkflow, id: string, input: unknown): boolean {
    if (!canary) return false;
    if (!canary.by) return this.lotOf(`${needs} ${id}`) < canary.share;
    const where = `The key of "${name}" (its option canary)`;
    let key: unknown;
    try {
      key = canary.by(input as never);
    } catch (cause) {
      throw new StepwellError('INPUT_INVALID', { reason: `${where} threw for this input: ${String(cause)}` }, { cause });
    }
    if (typeof key !== 'string') throw new StepwellError('INPUT_INVALID', { reason: `${where} is no text for this input.` });
    return this.lotOf(`${needs} ${key}`) < canary.share;
  }
}

function newestFirst(a: HostedWorkflow, b: HostedWorkflow): number {
  return b.definition.version - a.definition.version;
}
