import type { Json } from '@stepwell/contracts';
import type { Flow, PreviousReader, ReadContext } from '@stepwell/sdk';
import { mustEqual } from './must-equal.js';
import type { DriverStepContext } from './run-driver.js';
import { normal, outputOf } from './tree-values.js';
import type { Expected, Sequence, Tree } from './tree.js';

/** What builds the branch of a tree. */
interface BranchBuilder {
  readonly expected: Map<string, Expected>;
  sequence(flow: Flow<unknown>, sequence: Sequence, before: readonly string[], isReached: boolean): Expected;
  checked<T>(ctx: DriverStepContext, seen: readonly string[], value: T): T;
}

/** A loop whose conditions and turns check that they see the turn they must. */
export function loopTree(
  flow: Flow<unknown>,
  tree: Extract<Tree, { kind: 'loop' }>,
  id: string,
  seen: readonly string[],
  isReached: boolean,
  builder: BranchBuilder,
): Expected {
  const first = builder.expected.size;
  const turns = tree.by === 'while' ? tree.turns : Math.max(1, tree.turns);
  let outcome = { status: 'not-reached' } as Expected;
  const here = `${id}-turn`;
  const branch = (inner: Flow<unknown>, previousOf: PreviousReader<Json>): Flow<unknown> => {
    inner.then(here, (ctx) => {
      const before = normal(previousOf(ctx));
      mustEqual(before, ctx.index === 0 ? undefined : normal(outputOf(outcome)), `The turn before turn ${ctx.index} of ${id}`);
      return builder.checked(ctx as never, seen, ctx.index);
    });
    outcome = builder.sequence(inner, tree.branch, seen, isReached && turns > 0);
    return inner;
  };
  const says = (value: (done: number) => boolean) => (ctx: ReadContext) => {
    mustEqual(ctx.maybeResultOf(here), ctx.index < 0 ? undefined : ctx.index, `The turn that ${id} asks about`);
    return builder.checked(ctx as never, seen, value(ctx.index + 1));
  };
  const ends = {
    while: { while: says((done) => done < turns) },
    until: { until: says((done) => done >= turns) },
    count: { maxIterations: turns },
    cap: { while: says(() => true), maxIterations: turns },
    'go-on': { until: says(() => false), maxIterations: turns, atCap: 'continue' as const },
  };
  flow.loop<Json>(branch, { id, ...ends[tree.by], ...(tree.pauses ? { pause: '1m' } : {}) });
  if (!isReached) return { status: 'not-reached' };
  for (const inner of [...builder.expected.keys()].slice(first)) builder.expected.set(inner, { status: 'unknown' });
  if (outcome.status === 'failed') return outcome;
  if (tree.by === 'cap') return { status: 'failed' };
  return { status: 'completed', output: { iterations: turns, output: outputOf(outcome), capped: tree.by === 'go-on' } };
}
