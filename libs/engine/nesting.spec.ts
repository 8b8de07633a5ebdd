/** Every node nests in every other: each kind inside each branch of each control node, driven to the end. */
import type { Json } from '@stepwell/contracts';
import { buildTree } from './testing/flow-tree.js';
import { RunDriver } from './testing/run-driver.js';
import { normal } from './testing/tree-values.js';
import { type Expected, type Sequence, STEP_WAYS, type Tree } from './testing/tree.js';

const STEP: Tree = { kind: 'step', way: 'at-once' };

const LEAVES: Record<string, Tree> = {
  ...Object.fromEntries(STEP_WAYS.map((way) => [`a step that ${way}`, { kind: 'step', way } satisfies Tree])),
  'a step that fails': { kind: 'failing-step' },
  'a step with an undo': { kind: 'undoable-step' },
  'a screen': { kind: 'screen' },
  'a wait': { kind: 'wait' },
  'a wait for an event': { kind: 'wait-for-event' },
  'a child': { kind: 'child' },
  'an emit': { kind: 'emit' },
  'a for-each of runs': { kind: 'for-each-run', items: 3, page: 2, refused: 3, concurrency: 2, onItemFailure: 'stop' },
  'a for-each of runs that fails': { kind: 'for-each-run', items: 3, page: 3, refused: 1, concurrency: 1, onItemFailure: 'collect' },
};

/** Each way in which a sequence may stand inside a control node. */
const OWNERS: Record<string, (inner: Sequence) => Tree> = {
  'the arm of an if': (inner) => ({ kind: 'if', taken: 0, arms: [inner], otherwise: null }),
  'an arm that is not taken': (inner) => ({ kind: 'if', taken: -1, arms: [inner], otherwise: null }),
  'an else-if': (inner) => ({ kind: 'if', taken: 1, arms: [[STEP], inner], otherwise: [STEP] }),
  'an else': (inner) => ({ kind: 'if', taken: -1, arms: [[STEP]], otherwise: inner }),
  'a route by value': (inner) => ({ kind: 'router', by: 'value', taken: 1, routes: [[STEP], inner], otherwise: [STEP] }),
  'a route by condition': (inner) => ({ kind: 'router', by: 'condition', taken: 0, routes: [inner, [STEP]], otherwise: null }),
  'the default of a router': (inner) => ({ kind: 'router', by: 'value', taken: -1, routes: [[STEP]], otherwise: inner }),
  'a variant of a split': (inner) => ({ kind: 'ab-split', taken: 1, variants: [[STEP], inner] }),
  'a variant that is not picked': (inner) => ({ kind: 'ab-split', taken: -1, variants: [inner] }),
  'a branch of a fail-fast parallel': (inner) => ({ kind: 'parallel', mode: 'fail-fast', concurrency: 2, branches: [[STEP], inner] }),
  'a branch of a collect-all parallel': (inner) => ({ kind: 'parallel', mode: 'collect-all', concurrency: 2, branches: [inner, [STEP]] }),
  'a branch of a parallel that goes one by one': (inner) => ({
    kind: 'parallel',
    mode: 'fail-fast',
    concurrency: 1,
    branches: [[STEP], inner, [STEP]],
  }),
  'the winner of a race': (inner) => ({ kind: 'race', first: 'success', winner: inner, others: [[{ kind: 'wait' }]] }),
  'another branch of a race': (inner) => ({ kind: 'race', first: 'success', winner: [STEP, { kind: 'screen' }], others: [inner] }),
  'what settles a race': (inner) => ({ kind: 'race', first: 'settled', winner: inner, others: [[STEP]] }),
  'a try that goes well': (inner) => ({ kind: 'try', body: inner, catch: [STEP], finally: [STEP] }),
  'a catch': (inner) => ({ kind: 'try', body: [{ kind: 'failing-step' }], catch: inner, finally: null }),
  'the finally of a failure': (inner) => ({ kind: 'try', body: [{ kind: 'failing-step' }], catch: null, finally: inner }),
  'a cancellation scope': (inner) => ({ kind: 'cancellation-scope', body: inner }),
  'a loop while': (inner) => ({ kind: 'loop', by: 'while', turns: 2, pauses: true, branch: inner }),
  'a loop until': (inner) => ({ kind: 'loop', by: 'until', turns: 3, pauses: false, branch: inner }),
  'a loop of no turns': (inner) => ({ kind: 'loop', by: 'while', turns: 0, pauses: false, branch: inner }),
  'a for-each': (inner) => ({ kind: 'for-each', items: 2, concurrency: 1, branch: inner }),
  'a for-each side by side': (inner) => ({ kind: 'for-each', items: 3, concurrency: 2, branch: inner }),
  'a for-each over nothing': (inner) => ({ kind: 'for-each', items: 0, concurrency: 1, branch: inner }),
};

const CONTROL: Record<string, Tree> = Object.fromEntries(Object.entries(OWNERS).map(([name, own]) => [`(${name})`, own([STEP])]));

const PAIRS = Object.entries(OWNERS).flatMap(([owner, own]) =>
  Object.entries({ ...LEAVES, ...CONTROL }).map(([inner, tree]) => [`${inner} in ${owner}`, own([STEP, tree, STEP])] as const),
);

const FAULTS = expect.stringMatching(/^(STEP_FAILED|RACE_FAILED|ITEMS_FAILED)$/) as unknown;

describe('every node nests in every other', () => {
  it.each(PAIRS)('%s', async (_name, tree) => {
    const { workflow, expected, outcome, options } = buildTree([STEP, tree, STEP]);
    const driver = RunDriver.of(workflow, options);
    await driver.settle();
    expect(driver.hasEnded).toBe(true);
    const { status, output, fault } = driver.state;
    if (outcome.status === 'failed') expect({ status, fault }).toMatchObject({ status: 'failed', fault: { code: FAULTS } });
    else
      expect({ status, fault, output: normal(output) }).toEqual({
        status: 'completed',
        fault: undefined,
        output: normal(outcomeOutput(outcome)),
      });

    for (const [id, one] of expected) {
      if (one.status === 'completed') expect(normal(driver.read.resultOf(id))).toEqual(normal(one.output));
      else if (one.status !== 'unknown') expect(driver.read.maybeResultOf(id)).toBeUndefined();
    }
  });
});

/** A run whose last node has no output ends with null. */
function outcomeOutput(outcome: Expected): Json {
  return outcome.status === 'completed' ? (outcome.output ?? null) : null;
}
