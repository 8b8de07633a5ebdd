import { type Json, StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Flow, FlowBuilder, type NodeBase } from '../flow.js';
import type { ReadContext } from '../read-context.js';
import type { SubWorkflowNode } from './sub-workflow.node.js';

/** A page of a list that is asked for page by page. */
export interface ItemPage<T> {
  readonly items: readonly T[];
  /** Where the next page begins: handed to the list again, as JSON; null or undefined when this is the last one. */
  readonly next?: Json | undefined;
}

/**
 * A list, or a page of one.
 *
 * @param cursor what the page before said in `next`; null for the first
 */
export type ItemSource<In, T> = (
  ctx: ReadContext<In>,
  cursor: Json,
) => readonly T[] | ItemPage<T> | Promise<readonly T[]> | Promise<ItemPage<T>>;

export interface ForEachRunOptions {
  readonly id?: string;
  /** How many runs may live at a time, from 1 to 1,000; default 10. */
  readonly concurrency?: number;
  /**
   * An item fails when its run fails or is canceled, or when its input does not fit the workflow. `stop` (default): the first failure cancels
   * the runs that live, and fails the node. `continue`: all items have their turn, and the node succeeds. `collect`: all items have their
   * turn; then the node fails when any has failed.
   */
  readonly onItemFailure?: 'stop' | 'continue' | 'collect';
}

/** The output of the node: `ctx.resultOf<ForEachRunResult>('letters')`. What each run gave is read by `ctx.childResults`. */
export interface ForEachRunResult {
  readonly total: number;
  readonly completed: number;
  /** Always 0 but with `onItemFailure: 'continue'`: otherwise the node fails. */
  readonly failed: number;
}

/** What became of one item. */
export type ChildResult<T = unknown> =
  | { readonly index: number; readonly status: 'completed'; readonly runId: string; readonly output: T }
  /** `runId` is null when no run could be started. */
  | {
      readonly index: number;
      readonly status: 'failed';
      readonly runId: string | null;
      /** Of its run, when that has failed. */
      readonly error: { readonly code: string; readonly message: string };
    }
  /** Its run has not ended, or nobody waits for it any more. */
  | { readonly index: number; readonly status: 'open'; readonly runId: string };

/** Which items to read: up to `first` (default 100, at most 1,000) behind the one with the index `after` (default: from the first on). */
export interface ChildResultRange {
  readonly after?: number;
  readonly first?: number;
}

export interface ChildResultPage<T = unknown> {
  /** In the order of the list; an item whose run has not begun is not there. */
  readonly results: readonly ChildResult<T>[];
  /** What to give as `after` for the next page; null when this was the last one. */
  readonly next: number | null;
}

export interface ForEachRunNode extends NodeBase {
  readonly kind: 'for-each-run';
  readonly items: ItemSource<never, unknown>;
  readonly concurrency: number;
  readonly onItemFailure: 'stop' | 'continue' | 'collect';
  /** The run of one item. */
  readonly nodes: readonly [SubWorkflowNode];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    forEachRun: ForEachRunNode;
  }
  interface Flow<In> {
    /**
     * Starts a run of another workflow of this installation for every item of a list, exactly once each, and waits for all their ends. The
     * list may be long: it is asked for page by page where its function gives pages, each page is stored once, and the run keeps only what is
     * not done. The output is a `ForEachRunResult`.
     */
    forEachRun<T, ChildIn>(
      items: ItemSource<In, T>,
      child: Flow<ChildIn>,
      input: (item: NoInfer<T>, index: number, ctx: ReadContext<In>) => NoInfer<ChildIn> | Promise<NoInfer<ChildIn>>,
      options?: ForEachRunOptions,
    ): Flow<In>;
  }
}

/** Each of them is a row and an inbox message; a run that waits for more is slow to go on. */
const MOST_AT_A_TIME = 1_000;

FlowBuilder.prototype.forEachRun = function (
  this: FlowBuilder<unknown>,
  items: ForEachRunNode['items'],
  child: Flow<unknown>,
  input: (item: unknown, index: number, ctx: ReadContext) => unknown,
  options: ForEachRunOptions = {},
) {
  const id = options.id === undefined ? this.nextId('for-each-run') : checkId(options.id);
  const { concurrency = 10, onItemFailure = 'stop' } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MOST_AT_A_TIME) {
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}", forEachRun "${id}"`,
      reason: `concurrency is a whole number from 1 to ${MOST_AT_A_TIME}.`,
    });
  }
  const run: SubWorkflowNode = {
    ...{ kind: 'sub-workflow', id: `${id}.run`, workflow: (child as FlowBuilder<unknown>).name, mode: 'wait' },
    input: (ctx) => input(ctx.item, ctx.index, ctx),
  };
  this.nodes.push({ kind: 'for-each-run', id, items, concurrency, onItemFailure, nodes: [run] });
  return this;
} as FlowBuilder<unknown>['forEachRun'];
