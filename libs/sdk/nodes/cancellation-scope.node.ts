import { checkId } from '../check-id.js';
import { type Branch, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';

export interface CancellationScopeNode extends NodeBase {
  readonly kind: 'cancellation-scope';
  readonly nodes: readonly NodeDefinition[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    cancellationScope: CancellationScopeNode;
  }
  interface Flow<In> {
    /**
     * Runs the branch to its end once it was entered: a cancel of the run waits until it is left, and so does a parallel or race around it
     * that needs it no more. Its time-outs hold as anywhere, and a failure in it is one. The output is the branch's last result.
     */
    cancellationScope(branch: Branch<In>, options?: { id?: string }): Flow<In>;
  }
}

FlowBuilder.prototype.cancellationScope = function (this: FlowBuilder<unknown>, branch: Branch<unknown>, options: { id?: string } = {}) {
  const id = options.id === undefined ? this.nextId('cancellation-scope') : checkId(options.id);
  this.nodes.push({ kind: 'cancellation-scope', id, nodes: this.branch(branch) });
  return this;
};
