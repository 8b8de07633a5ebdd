/**
 * Random workflows under random schedules: things happen in any order that is possible, and the worker dies at any moment. Whatever the
 * schedule, the run comes to the same end and to the same outputs, and no finished step is executed again (the driver sees to that).
 * A failure prints its seed; `STEPWELL_SEED=<seed>` repeats it, `STEPWELL_RUNS=100000` looks longer.
 */
import { isTerminal } from '@stepwell/contracts';
import fc from 'fast-check';
import { buildTree, type BuiltTree, normal, type Sequence, STEP_WAYS, type Tree } from './testing/flow-tree.js';
import { RunDriver } from './testing/run-driver.js';

const SEED = Number(process.env['STEPWELL_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['STEPWELL_RUNS'] ?? 250);
/** Crashes per run; enough to hit every kind of moment over all runs, few enough that each run ends. */
const MAX_CRASHES = 8;

const { sequences } = fc.letrec<{ tree: Tree; sequences: Sequence }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Tree>(
      ...STEP_WAYS.map((way): Tree => ({ kind: 'step', way })),
      { kind: 'screen' },
      { kind: 'wait' },
      { kind: 'wait-for-event' },
      { kind: 'child' },
      { kind: 'emit' },
    ),
    fc.constant<Tree>({ kind: 'failing-step' }),
    fc.record({
      kind: fc.constant('if' as const),
      taken: fc.integer({ min: -1, max: 2 }),
      arms: fc.array(tie('sequences'), { minLength: 1, maxLength: 3 }),
      otherwise: fc.option(tie('sequences')),
    }),
    fc.record({
      kind: fc.constant('parallel' as const),
      mode: fc.constantFrom('fail-fast' as const, 'collect-all' as const),
      concurrency: fc.integer({ min: 1, max: 3 }),
      branches: fc.array(tie('sequences'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('for-each' as const),
      items: fc.integer({ min: 0, max: 3 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
      branch: tie('sequences'),
    }),
  ),
  sequences: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) as unknown as fc.Arbitrary<Sequence>,
}));

describe('random workflows under random schedules', () => {
  it('end the same, whatever happens in between', async () => {
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(sequences, fc.infiniteStream(fc.nat({ max: 9_999 })), async (sequence, choices) => {
        const built = buildTree(sequence);
        const driver = RunDriver.of(built.workflow, built.options);
        crashes += await drive(driver, choices);
        checkEnd(driver, built);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
    // A generator that hardly ever crashes proves nothing.
    expect(crashes).toBeGreaterThan(RUNS);
  }, 600_000);
});

/** @returns how often the worker died */
async function drive(driver: RunDriver, choices: Iterator<number>): Promise<number> {
  let crashes = 0;
  for (let count = 0; count < 5_000; count++) {
    const moves = driver.moves();
    if (moves.length === 0) return crashes;
    const choice = Number(choices.next().value);
    if (crashes < MAX_CRASHES && choice % 10 === 0) {
      crashes++;
      driver.crash();
    } else {
      await moves[choice % moves.length]?.make();
    }
  }
  throw new Error('The run does not end.');
}

function checkEnd(driver: RunDriver, { outcome, expected }: BuiltTree): void {
  const { status, output } = driver.state;
  expect(isTerminal(status) && driver.hasEnded).toBe(true);
  expect(status).toBe(outcome.status);
  if (outcome.status === 'completed') expect(normal(output)).toEqual(outcome.output ?? null);
  for (const [id, one] of expected) {
    if (one.status === 'completed' && outcome.status === 'completed') expect(normal(driver.read.resultOf(id))).toEqual(one.output);
    if (one.status === 'not-reached') expect(driver.read.maybeResultOf(id)).toBeUndefined();
  }
  const emitted = driver.database.journal
    .filter(({ type }) => type === 'event.emitted')
    .map(({ path, iteration }) => `${path}#${iteration}`);
  expect(new Set(emitted).size).toBe(emitted.length);
  expect(driver.database.events).toHaveLength(emitted.length);
}
