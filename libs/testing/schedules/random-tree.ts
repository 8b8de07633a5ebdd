/** Small random workflows of every kind of node, from a seeded source of chance. */
import { ITEM_POLICIES, LOOP_WAYS, type Sequence, type StepWay, type Tree } from '../../engine/testing/tree.js';
import type { Chance } from '../../engine/testing/chance.js';

/**
 * What a lost lease may do twice is left out: `charges` holds only as long as no worker is taken for dead while it lives. So are
 * routers that fit nothing: within a try their fault is not the one that the tree looks for.
 */
const WAYS: readonly StepWay[] = [
  'at-once',
  'retries',
  'sleeps',
  'asks',
  'asks-again',
  'is-ignored',
  'elsewhere',
  'is-delayed',
  'gives-up',
];
const LEAVES = ['step', 'step', 'step', 'screen', 'wait', 'wait-for-event', 'child', 'emit', 'skipped-step', 'undoable-step'] as const;
const BRANCHING = [
  'if',
  'router',
  'ab-split',
  'parallel',
  'race',
  'try',
  'cancellation-scope',
  'for-each',
  'for-each-run',
  'loop',
  'inject',
  'failing-step',
] as const;

export function randomSequence(chance: Chance, depth = 2): Sequence {
  return chance.times(1, 3, () => randomTree(chance, depth)) as unknown as Sequence;
}

function randomTree(chance: Chance, depth: number): Tree {
  if (depth === 0 || chance.below(10) < 6) {
    const kind = chance.of(LEAVES);
    return kind === 'step' ? { kind, way: chance.of(WAYS) } : { kind };
  }
  const kind = chance.of(BRANCHING);
  const inner = () => randomSequence(chance, depth - 1);
  const some = (least = 1) => chance.times(least, 3, inner);
  const maybe = () => (chance.below(2) === 0 ? inner() : null);
  switch (kind) {
    case 'failing-step':
      return { kind };
    case 'if':
      return { kind, taken: chance.below(4) - 1, arms: some(), otherwise: maybe() };
    case 'router':
      return { kind, by: chance.of(['value', 'condition']), taken: chance.below(4) - 1, routes: some(), otherwise: inner() };
    case 'ab-split':
      return { kind, taken: chance.below(4) - 1, variants: some() };
    case 'parallel':
      return { kind, mode: chance.of(['fail-fast', 'collect-all']), concurrency: 1 + chance.below(3), branches: some() };
    case 'race':
      return {
        kind,
        first: chance.of(['success', 'settled']),
        winner: inner(),
        others: chance.times(1, 2, inner),
        compensates: chance.below(2) === 0,
      };
    case 'try':
      return { kind, body: inner(), catch: maybe(), finally: maybe(), compensates: chance.below(2) === 0 };
    case 'cancellation-scope':
      return { kind, body: inner() };
    case 'for-each-run':
      return {
        kind,
        items: chance.below(5),
        page: 1 + chance.below(4),
        refused: chance.below(9),
        concurrency: 1 + chance.below(3),
        onItemFailure: chance.of(ITEM_POLICIES),
      };
    case 'inject':
      return { kind, way: chance.of(['at-once', 'retries', 'elsewhere', 'undoable']) };
    case 'loop':
      return { kind, by: chance.of(LOOP_WAYS), turns: chance.below(4), pauses: chance.below(2) === 0, branch: inner() };
    case 'for-each':
      return { kind, items: chance.below(4), concurrency: 1 + chance.below(3), branch: inner() };
  }
}
