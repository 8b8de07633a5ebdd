/**
 * Random workflows under random schedules: things happen in any order that is possible, and the worker dies at any moment. Whatever the
 * schedule, the run comes to the same end and to the same outputs, and no finished step is executed again (the driver sees to that).
 * A failure prints its seed; `STEPWELL_SEED=<seed>` repeats it, `STEPWELL_RUNS=100000` looks longer.
 */
import { isTerminal } from '@stepwell/contracts';
import fc from 'fast-check';
import { fold } from './apply.js';
import { checkRedone, checkUndone } from './testing/check-undone.js';
import { buildTree, type BuiltTree } from './testing/flow-tree.js';
import { normal } from './testing/tree-values.js';
import { RunDriver } from './testing/run-driver.js';
import { ITEM_POLICIES, LOOP_WAYS, type Sequence, STEP_WAYS, type Tree } from './testing/tree.js';
import { outcomeOf } from './decide.js';
import { IterationIndex } from './iteration-index.js';
import { emptyState } from './run-state.js';
import { bodiesAround, type Body } from './graph/graph.js';

const SEED = Number(process.env['STEPWELL_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['STEPWELL_RUNS'] ?? 250);
/** Crashes per run; enough to hit every kind of moment over all runs, few enough that each run ends. */
const MAX_CRASHES = 8;

/** Each of them is several runs. */
const RETRIED = Math.ceil(RUNS / 2);
const MAX_RETRIES = 3;

const LEAVES = fc.constantFrom<Tree>(
  ...STEP_WAYS.map((way): Tree => ({ kind: 'step', way })),
  { kind: 'skipped-step' },
  { kind: 'undoable-step' },
  { kind: 'undoable-step' },
  { kind: 'screen' },
  { kind: 'wait' },
  { kind: 'wait-for-event' },
  { kind: 'child' },
  { kind: 'emit' },
);
/** As often as all control nodes together, so that a workflow does not grow with each new kind of them. */
const LEAF_WEIGHT = 5;

describe('random workflows under random schedules', () => {
  it('end the same, whatever happens in between', async () => {
    let [crashes, pauses, undone] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(randomSequences(), fc.infiniteStream(fc.nat({ max: 9_999 })), async (sequence, choices) => {
        const built = buildTree(sequence);
        const driver = RunDriver.of(built.workflow, built.options);
        crashes += await drive(driver, choices, (choice) => {
          if (choice % 37 === 0 && !driver.hasEnded) driver.database.append('pause.requested', {});
        });
        pauses += driver.facts.filter((type) => type === 'run.paused').length;
        checkEnd(driver, built);
        undone += checkUndone(driver.journal);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
    // A generator that hardly ever crashes or pauses proves nothing.
    expect(Math.min(crashes, 4 * pauses)).toBeGreaterThan(RUNS);
    expect(undone).toBeGreaterThan(RUNS / 250);
  }, 600_000);
});

/**
 * Workflows that break, are canceled, and are retried: in place after an incident, else by a run that takes over what has been done. What
 * has finished in one run is not executed again in the next (the driver sees to that), nothing is emitted twice, and the end is the one
 * that a workflow without those faults would have come to.
 */
describe('random workflows that are retried', () => {
  const fragile = randomSequences([{ kind: 'breaking-step' }, { kind: 'breaking-step' }, { kind: 'parked-step' }]);

  it('end as if nothing had gone wrong', async () => {
    const seen = { retries: 0, mended: 0, takenOver: 0, inPlace: 0, redone: 0 };
    await fc.assert(
      fc.asyncProperty(fragile, fc.infiniteStream(fc.nat({ max: 9_999 })), async (sequence, choices) => {
        const { workflow, options, outcome } = buildTree(sequence);
        let driver = RunDriver.of(workflow, { ...options, retries: true });
        const line = [driver];
        await drive(driver, choices, (choice) => {
          // Somebody cancels the first run.
          if (choice % 97 === 0 && !driver.hasEnded) driver.database.append('cancel.requested', { reason: null, by: null });
        });
        while (driver.state.status !== 'completed' && line.length <= MAX_RETRIES) {
          driver = driver.retry();
          line.push(driver);
          seen.takenOver += driver.facts.filter((type) => type === 'step.completed').length;
          await drive(driver, choices);
        }
        seen.retries += line.length - 1;
        if (line.length > 1 && driver.state.status === 'completed') seen.mended++;
        seen.inPlace += driver.facts.filter((type) => type === 'incident.retried').length;

        expect(driver.state.status).toBe(outcome.status);
        if (outcome.status === 'completed') expect(normal(driver.state.output)).toEqual(normal(outcome.output ?? null));
        expect(fold(driver.database.journal).lastSeq).toBe(driver.state.lastSeq);
        seen.redone += checkRedone(driver.journal);
        const emitted = driver.database.journal.filter(({ type }) => type === 'event.emitted');
        const once = emitted.filter(({ path }) => !path.includes('/finally/')).map(({ path, iteration }) => `${path}#${iteration}`);
        expect(new Set(once).size).toBe(once.length);
        expect(line.flatMap(({ database }) => database.events)).toHaveLength(emitted.length);
      }),
      { seed: SEED, numRuns: RETRIED, endOnFailure: false },
    );
    // A generator that hardly ever breaks anything proves nothing.
    expect(Math.min(seen.retries, seen.mended, seen.takenOver, seen.inPlace, 4 * seen.redone)).toBeGreaterThan(RETRIED / 10);
  }, 600_000);
});

/**
 * Workflows that are canceled at some moment: all that was entered and keeps a cancel away is run to its end, nothing else begins (the
 * driver sees to that), and the run ends.
 */
describe('random workflows that are canceled', () => {
  it('leave what they have entered, and end', async () => {
    const seen = { canceled: 0, left: 0 };
    await fc.assert(
      fc.asyncProperty(
        randomSequences(),
        fc.infiniteStream(fc.nat({ max: 9_999 })),
        fc.nat({ max: 60 }),
        async (sequence, choices, moment) => {
          const { workflow, options } = buildTree(sequence);
          const driver = RunDriver.of(workflow, options);
          let moves = 0;
          await drive(driver, choices, () => {
            if (moves++ === moment && !driver.hasEnded) driver.database.append('cancel.requested', { reason: null, by: null });
          });
          expect(driver.hasEnded).toBe(true);
          const { journal } = driver.database;
          const cancel = journal.find(({ type }) => type === 'cancel.requested');
          checkUndone(driver.journal);
          // A run that had failed already stays so.
          if (!cancel || journal.some(({ type, seq }) => type === 'ending.began' && seq < cancel.seq)) return;
          seen.canceled++;
          expect(driver.state.status).toBe('canceled');
          for (const { type, path, iteration, payload, seq } of journal) {
            const node = driver.graph.byPath.get(path);
            const shielded = node?.bodies.find(({ segment }) => segment === (payload as { shielded?: string } | null)?.shielded);
            if (type !== 'node.entered' || !shielded || isShieldedAway(driver, path)) continue;
            expect(seq).toBeLessThan(cancel.seq);
            expect(hasBeenLeft(driver, shielded, iteration)).toBe(true);
            seen.left++;
          }
        },
      ),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
    expect(Math.min(seen.canceled, seen.left)).toBeGreaterThan(RUNS / 10);
  }, 600_000);
});

/** A sequence has ended when one after the other has completed, up to the last or to one that failed. */
function hasBeenLeft({ database }: RunDriver, body: Body, iteration: string): boolean {
  // Also in a turn that its loop has forgotten.
  const state = fold(database.journal, emptyState(new IterationIndex(true)));
  const outcomes = body.nodes.map((node) => outcomeOf(node, iteration, state).status);
  const end = outcomes.findIndex((status) => status !== 'completed');
  return end < 0 || outcomes[end] === 'failed';
}

/** It stands in what was run to its end: there it may begin after the cancel. */
function isShieldedAway({ graph }: RunDriver, path: string): boolean {
  const node = graph.byPath.get(path);
  return [...(node ? bodiesAround(node) : [])].some(({ isShielded }) => isShielded);
}

/**
 * @param fragile leaves to mix in that are mended by a retry; they stand in no parallel that collects all and in no try that catches, where
 *   a failure may come to stay
 */
function randomSequences(fragile: readonly Tree[] = []): fc.Arbitrary<Sequence> {
  const whole = sequencesOf([], true);
  if (fragile.length === 0) return whole;
  const wholes = whole.map(([tree]) => tree);
  return sequencesOf([...fragile.map((tree) => fc.constant(tree)), wholes], false);
}

/** @param mayTurn whether a failure may turn into an output, or into another way to go */
function sequencesOf(more: readonly fc.Arbitrary<Tree>[], mayTurn: boolean): fc.Arbitrary<Sequence> {
  const { sequences } = fc.letrec<{ tree: Tree; sequences: Sequence }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: LEAVES, weight: LEAF_WEIGHT },
      ...more,
      fc.constant<Tree>({ kind: 'failing-step' }),
      fc.record({
        kind: fc.constant('if' as const),
        taken: fc.integer({ min: -1, max: 2 }),
        arms: fc.array(tie('sequences'), { minLength: 1, maxLength: 3 }),
        otherwise: fc.option(tie('sequences')),
      }),
      fc.record({
        kind: fc.constant('router' as const),
        by: fc.constantFrom('value' as const, 'condition' as const),
        taken: fc.integer({ min: -1, max: 1 }),
        routes: fc.array(tie('sequences'), { minLength: 1, maxLength: 2 }),
        otherwise: fc.option(tie('sequences')),
      }),
      fc.record({
        kind: fc.constant('ab-split' as const),
        taken: fc.integer({ min: -1, max: 1 }),
        variants: fc.array(tie('sequences'), { minLength: 1, maxLength: 2 }),
      }),
      fc.record({
        kind: fc.constant('parallel' as const),
        mode: fc.constantFrom('fail-fast' as const, ...(mayTurn ? ['collect-all' as const] : [])),
        concurrency: fc.integer({ min: 1, max: 3 }),
        branches: fc.array(tie('sequences'), { minLength: 1, maxLength: 3 }),
      }),
      ...(mayTurn
        ? [
            fc.record({
              kind: fc.constant('race' as const),
              first: fc.constantFrom('success' as const, 'settled' as const),
              winner: tie('sequences'),
              others: fc.array(tie('sequences'), { minLength: 1, maxLength: 2 }),
            }),
          ]
        : []),
      fc.record({
        kind: fc.constant('try' as const),
        body: tie('sequences'),
        catch: mayTurn ? fc.option(tie('sequences')) : fc.constant(null),
        finally: fc.option(tie('sequences')),
      }),
      fc.record({ kind: fc.constant('cancellation-scope' as const), body: tie('sequences') }),
      fc.record({
        kind: fc.constant('loop' as const),
        by: fc.constantFrom(...LOOP_WAYS),
        turns: fc.integer({ min: 0, max: 3 }),
        pauses: fc.boolean(),
        branch: tie('sequences'),
      }),
      fc.record({
        kind: fc.constant('for-each' as const),
        items: fc.integer({ min: 0, max: 3 }),
        concurrency: fc.integer({ min: 1, max: 3 }),
        branch: tie('sequences'),
      }),
      fc.record({
        kind: fc.constant('for-each-run' as const),
        items: fc.integer({ min: 0, max: 4 }),
        page: fc.integer({ min: 1, max: 4 }),
        refused: fc.integer({ min: 0, max: 9 }),
        concurrency: fc.integer({ min: 1, max: 3 }),
        onItemFailure: fc.constantFrom(...ITEM_POLICIES),
      }),
    ),
    sequences: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) as unknown as fc.Arbitrary<Sequence>,
  }));
  return sequences;
}

/**
 * @param meddle called before each move with a number by chance
 * @returns how often the worker died
 */
async function drive(driver: RunDriver, choices: Iterator<number>, meddle: (choice: number) => void = () => undefined): Promise<number> {
  let crashes = 0;
  for (let count = 0; count < 5_000; count++) {
    const choice = Number(choices.next().value);
    meddle(choice);
    const moves = driver.moves();
    if (moves.length === 0) return crashes;
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
  if (outcome.status === 'completed') expect(normal(output)).toEqual(normal(outcome.output ?? null));
  for (const [id, one] of expected) {
    if (one.status === 'completed' && outcome.status === 'completed') expect(normal(driver.read.resultOf(id))).toEqual(normal(one.output));
    if (one.status === 'not-reached') expect(driver.read.maybeResultOf(id)).toBeUndefined();
  }
  const emitted = driver.database.journal
    .filter(({ type }) => type === 'event.emitted')
    .map(({ path, iteration }) => `${path}#${iteration}`);
  expect(new Set(emitted).size).toBe(emitted.length);
  expect(driver.database.events).toHaveLength(emitted.length);
}
