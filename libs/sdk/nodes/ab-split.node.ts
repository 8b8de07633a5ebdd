import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Branch, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';
import type { ReadContext } from '../read-context.js';

export interface AbSplitOptions<In> {
  readonly id?: string;
  /** Who is split: a user's id, say, which then gets the same variant in every run. Without it each run is split by itself. */
  readonly by?: (ctx: ReadContext<In>) => string | Promise<string>;
}

export interface Variant<In> {
  /** Its share among the weights of all; a whole number, 0 for none. */
  readonly weight: number;
  /** Left out, the run just goes on. */
  readonly branch?: Branch<In>;
}

/** The output of the node: `ctx.resultOf<SplitResult<Mail>>('subject')`. `variant` and `selectedVariant` are the same. */
export interface SplitResult<T = unknown> {
  readonly variant: string;
  readonly selectedVariant: string;
  /** What the variant's branch came to; null without one. */
  readonly output: T;
}

export interface AbSplitNode extends NodeBase {
  readonly kind: 'ab-split';
  readonly by: ((ctx: ReadContext<never>) => unknown) | undefined;
  readonly variants: readonly {
    readonly name: string;
    readonly weight: number;
    readonly nodes: readonly NodeDefinition[] | undefined;
  }[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    abSplit: AbSplitNode;
  }
  interface Flow<In> {
    /**
     * Picks one of several variants at random by their weights, and stores which. The lot is a hash of the workflow, this node's id and
     * who is split, so the same key gets the same variant in every run and version, as long as the variants and weights stay.
     */
    abSplit(variants: Readonly<Record<string, Variant<In>>>, options?: AbSplitOptions<In>): Flow<In>;
  }
}

/** Finer shares than a millionth nobody tells apart. */
const HIGHEST_WEIGHT = 1_000_000;

FlowBuilder.prototype.abSplit = function (
  this: FlowBuilder<unknown>,
  variants: Readonly<Record<string, Variant<unknown>>>,
  options: AbSplitOptions<unknown> = {},
) {
  const id = options.id === undefined ? this.nextId('ab-split') : checkId(options.id);
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where: `Workflow "${this.name}", abSplit "${id}"`, reason });
  const built = Object.entries(variants).map(([name, { weight, branch }]) => {
    if (!Number.isInteger(weight) || weight < 0 || weight > HIGHEST_WEIGHT)
      throw refuse(`the weight of "${name}" is ${weight}; it is a whole number from 0 to ${HIGHEST_WEIGHT}.`);
    return { name: checkId(name), weight, nodes: branch && this.branch(branch) };
  });
  if (!built.some(({ weight }) => weight > 0)) throw refuse('at least one variant needs a weight above 0.');
  this.nodes.push({ kind: 'ab-split', id, by: options.by, variants: built });
  return this;
};
