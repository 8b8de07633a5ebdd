import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Branch, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';

export interface RaceOptions {
  readonly id?: string;
  /**
   * `success` (default): the first branch to complete wins; the race fails when all have failed, with all their errors.
   * `settled`: the first branch to complete or to fail decides; when it has failed, so has the race.
   */
  readonly first?: 'success' | 'settled';
  /** What steps with an undo (`compensate`) have completed in the other branches is undone when one has won, before the run goes on. */
  readonly compensateLosers?: boolean;
}

/** The output of a race: `ctx.resultOf<RaceResult<{ card: Receipt; wire: Transfer }>>('pay')`; `winner` tells which output it is. */
export type RaceResult<T> = { readonly [Name in keyof T]: { readonly winner: Name; readonly output: T[Name] } }[keyof T];

export interface RaceNode extends NodeBase {
  readonly kind: 'race';
  readonly first: 'success' | 'settled';
  readonly compensateLosers: boolean;
  readonly branches: readonly { readonly name: string; readonly nodes: readonly NodeDefinition[] }[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    race: RaceNode;
  }
  interface Flow<In> {
    /**
     * Runs named branches side by side until one has won, in the order of the journal. The others are canceled: handlers are told by
     * their signal, tasks, timers, waits, dispatches and children are withdrawn; what they have completed stays, unless `compensateLosers`. The output is
     * `{ winner, output }`, the name of the branch and its last result.
     *
     * @throws StepwellError OPTION_INVALID for another word than `success` or `settled`
     */
    race(branches: Readonly<Record<string, Branch<In>>>, options?: RaceOptions): Flow<In>;
  }
}

FlowBuilder.prototype.race = function (
  this: FlowBuilder<unknown>,
  branches: Readonly<Record<string, Branch<unknown>>>,
  options: RaceOptions = {},
) {
  const id = options.id === undefined ? this.nextId('race') : checkId(options.id);
  const { first = 'success' } = options;
  if (!['success', 'settled'].includes(first)) {
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}", race "${id}"`,
      reason: `first is ${JSON.stringify(first)}; it is 'success' or 'settled'.`,
    });
  }
  this.nodes.push({
    kind: 'race',
    id,
    first,
    compensateLosers: options.compensateLosers ?? false,
    branches: Object.entries(branches).map(([name, branch]) => ({ name: checkId(name), nodes: this.branch(branch) })),
  });
  return this;
};
