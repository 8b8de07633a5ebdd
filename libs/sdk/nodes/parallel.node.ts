import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Branch, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';

export interface ParallelOptions {
  readonly id?: string;
  /**
   * `fail-fast` (default): the first failure cancels the other branches and fails the node; its output is `{ branch: last result }`.
   * `collect-all`: every branch runs to its end and the node never fails; its output is
   * `{ branch: { status: 'completed', output } | { status: 'failed', error } }`.
   */
  readonly mode?: 'fail-fast' | 'collect-all';
  /** How many branches may run at a time; default all. */
  readonly concurrency?: number;
}

/** What one branch of a `collect-all` came to: `ctx.resultOf<{ letter: BranchResult<Reply> }>('ask')`. */
export type BranchResult<T> =
  | { readonly status: 'completed'; readonly output: T }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } };

export interface ParallelNode extends NodeBase {
  readonly kind: 'parallel';
  readonly mode: 'fail-fast' | 'collect-all';
  readonly concurrency: number;
  readonly branches: readonly { readonly name: string; readonly nodes: readonly NodeDefinition[] }[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    parallel: ParallelNode;
  }
  interface Flow<In> {
    /** Runs named branches side by side and goes on when all have ended. */
    parallel(branches: Readonly<Record<string, Branch<In>>>, options?: ParallelOptions): Flow<In>;
  }
}

FlowBuilder.prototype.parallel = function (
  this: FlowBuilder<unknown>,
  branches: Readonly<Record<string, Branch<unknown>>>,
  options: ParallelOptions = {},
) {
  const id = options.id === undefined ? this.nextId('parallel') : checkId(options.id);
  const names = Object.keys(branches);
  const concurrency = options.concurrency ?? names.length;
  if (names.length > 0 && (!Number.isInteger(concurrency) || concurrency < 1)) {
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}", parallel "${id}"`,
      reason: 'concurrency is a whole number of at least 1.',
    });
  }
  this.nodes.push({
    kind: 'parallel',
    id,
    mode: options.mode ?? 'fail-fast',
    concurrency,
    branches: Object.entries(branches).map(([name, branch]) => ({ name: checkId(name), nodes: this.branch(branch) })),
  });
  return this;
};
