import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Branch, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';

export interface TryOptions<In> {
  readonly id?: string;
  /** Goes on in the place of a branch that has failed. */
  readonly catch?: Branch<In>;
  /** Comes last, whatever happened. */
  readonly finally?: Branch<In>;
  /** What steps with an undo (`compensate`) have completed in the branch is undone when it fails, before the catch or the finally begins. */
  readonly compensate?: boolean;
}

/** At least one of both. */
export type TryBranches<In> = TryOptions<In> & ({ readonly catch: Branch<In> } | { readonly finally: Branch<In> });

export interface TryNode extends NodeBase {
  readonly kind: 'try';
  readonly nodes: readonly NodeDefinition[];
  readonly catch: readonly NodeDefinition[] | null;
  readonly finally: readonly NodeDefinition[] | null;
  readonly compensate: boolean;
}

declare module '../flow.js' {
  interface NodeDefinitions {
    try: TryNode;
  }
  interface Flow<In> {
    /**
     * Runs the branch; when it fails, `catch` goes on in its place, with the failure as `ctx.error`; `finally` comes last, whatever
     * happened, also when the run is canceled meanwhile. The output is the last result of the branch, or of the catch. A catch or finally
     * that fails fails the node with its own error, whose `cause` is the first one.
     *
     * @throws StepwellError OPTION_INVALID without a catch and a finally
     */
    try(branch: Branch<In>, branches: TryBranches<In>): Flow<In>;
  }
}

FlowBuilder.prototype.try = function (this: FlowBuilder<unknown>, branch: Branch<unknown>, branches: TryBranches<unknown>) {
  const id = branches.id === undefined ? this.nextId('try') : checkId(branches.id);
  if (!branches.catch && !branches.finally) {
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}", try "${id}"`,
      reason: 'it needs a catch, a finally, or both.',
    });
  }
  this.nodes.push({
    kind: 'try',
    id,
    nodes: this.branch(branch),
    catch: branches.catch ? this.branch(branches.catch) : null,
    finally: branches.finally ? this.branch(branches.finally) : null,
    compensate: branches.compensate ?? false,
  });
  return this;
};
