import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Flow, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';
import type { ReadContext } from '../read-context.js';

export interface ForEachOptions {
  readonly id?: string;
  /** How many items may be under way at a time; default 1: one after the other. */
  readonly concurrency?: number;
}

/** Reads the item of one for-each, typed; as `ctx.item` does for the innermost one. */
export type ItemReader<T> = (ctx: ReadContext) => T;

/** Adds the nodes that are run for each item. */
export type ItemBranch<In, T> = (flow: Flow<In>, itemOf: ItemReader<T>) => Flow<In>;

export interface ForEachNode extends NodeBase {
  readonly kind: 'for-each';
  readonly items: (ctx: ReadContext<never>) => unknown;
  readonly concurrency: number;
  readonly nodes: readonly NodeDefinition[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    forEach: ForEachNode;
  }
  interface Flow<In> {
    /**
     * Runs the branch for every item of a list, in the run itself. The list is asked for once, when the node is reached, and stored, so
     * that what changes later changes nothing. Inside, `ctx.item` and `ctx.index` are the item's. The output is an array of what the
     * branch came to, in the order of the list; the first failure cancels the other items and fails the node.
     */
    forEach<T>(
      items: (ctx: ReadContext<In>) => readonly T[] | Promise<readonly T[]>,
      branch: ItemBranch<In, NoInfer<T>>,
      options?: ForEachOptions,
    ): Flow<In>;
  }
}

FlowBuilder.prototype.forEach = function (
  this: FlowBuilder<unknown>,
  items: ForEachNode['items'],
  branch: ItemBranch<unknown, never>,
  options: ForEachOptions = {},
) {
  const id = options.id === undefined ? this.nextId('for-each') : checkId(options.id);
  const concurrency = options.concurrency ?? 1;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}", forEach "${id}"`,
      reason: 'concurrency is a whole number of at least 1.',
    });
  }
  const nodes = this.branch((flow) => branch(flow, (ctx) => ctx.itemOf(id)));
  this.nodes.push({ kind: 'for-each', id, items, concurrency, nodes });
  return this;
} as FlowBuilder<unknown>['forEach'];
