import { checkId } from '../check-id.js';
import { type Flow, FlowBuilder, type NodeBase } from '../flow.js';
import type { ReadContext } from '../read-context.js';

export interface SubWorkflowOptions {
  readonly id?: string;
  /**
   * `wait` (default): the run waits for the child; its output is the child's, its failure the node's, and a cancel goes down to it.
   * `detach`: the child has a life of its own; the output is `{ runId }`, at once.
   */
  readonly mode?: 'wait' | 'detach';
}

/** The output of a detached child: `ctx.resultOf<DetachedRun>('notify')`. */
export interface DetachedRun {
  readonly runId: string;
}

export interface SubWorkflowNode extends NodeBase {
  readonly kind: 'sub-workflow';
  /** The name of the child's workflow. */
  readonly workflow: string;
  readonly input: (ctx: ReadContext<never>) => unknown;
  readonly mode: 'wait' | 'detach';
}

declare module '../flow.js' {
  interface NodeDefinitions {
    subWorkflow: SubWorkflowNode;
  }
  interface Flow<In> {
    /**
     * Starts a run of another workflow of this installation, exactly once, and waits for its end. The input is validated against the
     * child's class; what does not fit fails this run, visibly.
     */
    subWorkflow<ChildIn>(
      child: Flow<ChildIn>,
      input: (ctx: ReadContext<In>) => NoInfer<ChildIn> | Promise<NoInfer<ChildIn>>,
      options?: SubWorkflowOptions,
    ): Flow<In>;
  }
}

FlowBuilder.prototype.subWorkflow = function (
  this: FlowBuilder<unknown>,
  child: Flow<unknown>,
  input: SubWorkflowNode['input'],
  options: SubWorkflowOptions = {},
) {
  const id = options.id === undefined ? this.nextId('sub-workflow') : checkId(options.id);
  this.nodes.push({ kind: 'sub-workflow', id, workflow: (child as FlowBuilder<unknown>).name, input, mode: options.mode ?? 'wait' });
  return this;
} as FlowBuilder<unknown>['subWorkflow'];
