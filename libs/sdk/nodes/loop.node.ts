import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type DurationText, parseDuration } from '../duration.js';
import { type Flow, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';
import type { ReadContext } from '../read-context.js';
import type { Condition } from './if.node.js';

/**
 * Its functions read as code inside the turn that is done: results of that turn, `ctx.index` its number. Before the first turn there are no
 * results of one, so `maybeResultOf` is the way to read them, and `ctx.index` is -1.
 */
export interface LoopOptions<In> {
  readonly id?: string;
  /** Asked before each turn, also the first; the loop is over when it does not hold. */
  readonly while?: Condition<In>;
  /** Asked after each turn, before `while`; the loop is over when it holds. */
  readonly until?: Condition<In>;
  /** The most turns there may be, from 1 to 1,000,000; default 1,000. Without `while` and `until` it is how many there are. */
  readonly maxIterations?: number;
  /** After `maxIterations`, with no condition that ends it: `fail` (the default) with LOOP_CAPPED, or `continue` behind the loop. */
  readonly atCap?: 'fail' | 'continue';
  /** How long to wait between two turns. */
  readonly pause?: DurationText | ((ctx: ReadContext<In>) => DurationText);
}

/** The output of the node: `ctx.resultOf<LoopResult<Page>>('pages')`. */
export interface LoopResult<T = unknown> {
  readonly iterations: number;
  /** What the last turn came to; null when there was none. */
  readonly output: T;
  /** True when it was `maxIterations` that ended it, not a condition. */
  readonly capped: boolean;
}

/** Reads what the turn before this one came to; undefined in the first. */
export type PreviousReader<T> = (ctx: ReadContext) => T | undefined;

/** Adds the nodes of a turn. */
export type LoopBranch<In, T> = (flow: Flow<In>, previousOf: PreviousReader<T>) => Flow<In>;

export interface LoopNode extends NodeBase {
  readonly kind: 'loop';
  readonly while: Condition<never> | undefined;
  readonly until: Condition<never> | undefined;
  readonly maxIterations: number;
  readonly atCap: 'fail' | 'continue';
  /** In milliseconds; undefined for none. */
  readonly pause: ((ctx: ReadContext<never>) => number) | undefined;
  /** Where it is the same for every turn. */
  readonly pauseMs: number | null;
  readonly nodes: readonly NodeDefinition[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    loop: LoopNode;
  }
  interface Flow<In> {
    /**
     * Runs the branch turn after turn. What ends it is a fact, asked once after each turn; a finished turn never runs again, and the state
     * of a run keeps the last one only. The output is a `LoopResult`.
     */
    loop<T = unknown>(branch: LoopBranch<In, T>, options: LoopOptions<In>): Flow<In>;
  }
}

const DEFAULT_ITERATIONS = 1_000;
/** A loop that needs more is a schedule or an emitter. */
const MOST_ITERATIONS = 1_000_000;

FlowBuilder.prototype.loop = function (
  this: FlowBuilder<unknown>,
  branch: LoopBranch<unknown, never>,
  { id: given, ...options }: LoopOptions<unknown>,
) {
  const id = given === undefined ? this.nextId('loop') : checkId(given);
  const where = `Workflow "${this.name}", loop "${id}"`;
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where, reason });
  const { maxIterations = DEFAULT_ITERATIONS, atCap = 'fail', pause } = options;
  if (!options.while && !options.until && (options.maxIterations === undefined || options.atCap))
    throw refuse('give it while or until; or maxIterations alone, for so many turns.');
  if (!Number.isInteger(maxIterations) || maxIterations < 1 || maxIterations > MOST_ITERATIONS)
    throw refuse(`maxIterations is ${maxIterations}; it is a whole number from 1 to ${MOST_ITERATIONS}.`);
  const pauseMs = typeof pause === 'string' ? parseDuration(pause, `${where}, pause`) : null;
  this.nodes.push({
    ...{ kind: 'loop', id, while: options.while, until: options.until, maxIterations, atCap, pauseMs },
    pause:
      typeof pause === 'function' ? (ctx) => parseDuration(pause(ctx), `${where}, pause`) : pauseMs === null ? undefined : () => pauseMs,
    nodes: this.branch((flow) => branch(flow, (ctx) => ctx.previousOf(id))),
  });
  return this;
} as FlowBuilder<unknown>['loop'];
