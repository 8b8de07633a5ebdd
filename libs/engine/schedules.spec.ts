/**
 * Random workflows under random schedules: things happen in any order that is possible, clocks jump, and the worker dies at any moment.
 * Whatever the schedule, the run comes to the same end and to the same outputs, and no finished step is executed again (the driver sees to
 * that). A failure is shrunk and prints the command that repeats it and shows each move; `STEPWELL_RUNS=1000000` looks longer.
 */
import { isTerminal } from '@stepwell/contracts';
import { TaskEscalated } from '@stepwell/sdk';
import fc from 'fast-check';
import { fold } from './apply.js';
import { outcomeOf } from './decide.js';
import type { EventDraft } from './facts/fact.js';
import { bodiesAround, type Body } from './graph/graph.js';
import { NODE_KINDS } from './kinds/index.js';
import { emptyState } from './run-state.js';
import { drive, Tally } from './testing/adverse-schedule.js';
import { checkRedone, checkUndone } from './testing/check-undone.js';
import { Chance } from './testing/chance.js';
import { firstSeed } from '../../test/models/first-seed.js';
import { buildTree, type BuiltTree } from './testing/flow-tree.js';
import { mustEqual } from './testing/must-equal.js';
import { RunDriver } from './testing/run-driver.js';
import { INJECT_WAYS, ITEM_POLICIES, LOOP_WAYS, type Sequence, STEP_WAYS, type Tree } from './testing/tree.js';
import { GONE, normal } from './testing/tree-values.js';

const SEED = firstSeed('libs/engine/schedules.spec.ts', 'STEPWELL_RUNS' in process.env);
/** Of the schedule that failed, as its failure printed it. */
const PATH = process.env['STEPWELL_PATH'];
const RUNS = Number(process.env['STEPWELL_RUNS'] ?? 20_000);
/** Each of them is several runs. */
const RETRIED = RUNS / 10;
const CANCELED = (3 * RUNS) / 10;
const MAX_RETRIES = 3;
/** Milliseconds: generous, and more for who looks longer. */
const TIMEOUT = Math.max(600_000, 60 * RUNS);
/** Of all kinds but one: an emitter is a workflow by itself, without any other node. `test/models/ledger.int-spec.ts` has it. */
const KINDS = [...NODE_KINDS.keys()].filter((kind) => kind !== 'emit-records');

const LEAVES = fc.constantFrom<Tree>(
  ...STEP_WAYS.map((way): Tree => ({ kind: 'step', way })),
  { kind: 'skipped-step' },
  { kind: 'undoable-step' },
  { kind: 'undoable-step' },
  { kind: 'screen' },
  { kind: 'wait' },
  { kind: 'wait-for-event' },
  { kind: 'wait-for-signal' },
  { kind: 'child' },
  { kind: 'emit' },
);
/** Nearly as often as all control nodes together, so that a workflow does not grow with each new kind of them. */
const LEAF_WEIGHT = 8;

describe('random workflows under random schedules', () => {
  it(
    'end the same, whatever happens in between',
    async () => {
      const tally = await play('end the same', (6 * RUNS) / 10, randomSequences(), async (sequence, chance) => {
        const built = buildTree(sequence, true);
        const driver = RunDriver.of(built.workflow, built.options);
        const seen = await driven(driver, chance, () => {
          if (chance.below(37) === 0 && !driver.hasEnded) driver.database.append('pause.requested', {});
        });
        checkEnd(driver, built);
        if (checkUndone(driver.journal) > 0) seen.add('undone');
        return seen;
      });
      // A generator that hardly ever does any harm proves nothing.
      tally.mustHaveSeen(RUNS / 8, ['crash', 'clock jump', 'time passes', 'run.paused', 'run.resumed']);
      tally.mustHaveSeen(RUNS / 100, KINDS);
      tally.mustHaveSeen(RUNS / 250, ['undone', 'step.skipped', 'deadline.passed', 'effect.begun', 'effect.unknown', 'child.refused']);
    },
    TIMEOUT,
  );
});

/**
 * Workflows that break, are canceled, and are retried: in place after an incident, else by a run that takes over what has been done. What
 * has finished in one run is not executed again in the next (the driver sees to that), nothing is emitted twice, and the end is the one
 * that a workflow without those faults would have come to.
 */
describe('random workflows that are retried', () => {
  const fragile = randomSequences([{ kind: 'breaking-step' }, { kind: 'breaking-step' }, { kind: 'parked-step' }]);

  it(
    'end as if nothing had gone wrong',
    async () => {
      const tally = await play('end as if', RETRIED, fragile, async (sequence, chance) => {
        const { workflow, options, outcome } = buildTree(sequence, true);
        let driver = RunDriver.of(workflow, { ...options, retries: true });
        const line = [driver];
        const seen = await driven(driver, chance, () => {
          // Somebody cancels the first run.
          if (chance.below(97) === 0 && !driver.hasEnded) driver.database.append('cancel.requested', { reason: null, by: null });
        });
        while (driver.state.status !== 'completed' && line.length <= MAX_RETRIES) {
          driver = driver.retry();
          line.push(driver);
          if (driver.facts.includes('step.completed')) seen.add('taken over');
          for (const what of await driven(driver, chance)) seen.add(what);
        }
        if (line.length > 1 && driver.state.status === 'completed') seen.add('mended');
        checkOutcome(driver, outcome);
        const { journal } = driver.database;
        mustEqual(fold(journal).lastSeq, driver.state.lastSeq, 'The journal and the state end');
        if (checkRedone(driver.journal) > 0) seen.add('redone');
        const emitted = journal.filter(({ type }) => type === 'event.emitted');
        mustBeDifferent(emitted.filter(({ path }) => !path.includes('/finally/')));
        mustEqual(line.flatMap(({ database }) => database.events).filter(isEmitted).length, emitted.length, 'Events and facts of them');
        return seen;
      });
      tally.mustHaveSeen(RETRIED / 10, ['crash', 'retry.started', 'mended', 'taken over', 'incident.retried']);
      tally.mustHaveSeen(RETRIED / 40, ['redone']);
    },
    TIMEOUT,
  );
});

/**
 * Workflows that are canceled at some moment: all that was entered and keeps a cancel away is run to its end, nothing else begins (the
 * driver sees to that), and the run ends.
 */
describe('random workflows that are canceled', () => {
  it(
    'leave what they have entered, and end',
    async () => {
      const tally = await play('leave what', CANCELED, randomSequences(), async (sequence, chance) => {
        const { workflow, options } = buildTree(sequence, true);
        const driver = RunDriver.of(workflow, options);
        const isByEvent = chance.below(3) === 0;
        let moment = chance.below(40);
        let isAsked = false;
        const seen = await driven(driver, chance, () => {
          if (moment > 0) moment--;
          else if (!isAsked && !driver.hasEnded) isAsked = isByEvent ? sendGone(driver) : askToCancel(driver);
        });
        mustEqual(driver.hasEnded, true, 'The run ends');
        const { journal } = driver.database;
        const cancel = journal.find(({ type }) => type === 'cancel.requested');
        if ((cancel?.payload as { eventId?: string } | undefined)?.eventId !== undefined) seen.add('canceled by an event');
        checkUndone(driver.journal);
        // A run that had failed already stays so.
        if (!cancel || journal.some(({ type, seq }) => type === 'ending.began' && seq < cancel.seq)) return seen;
        mustEqual(driver.state.status, 'canceled', 'The status');
        for (const { type, path, iteration, payload, seq } of journal) {
          if (type !== 'node.entered') continue;
          const node = driver.graph.byPath.get(path);
          const shielded = node?.bodies.find(({ segment }) => segment === (payload as { shielded: string }).shielded);
          if (!node || !shielded || [...bodiesAround(node)].some(({ isShielded }) => isShielded)) continue;
          mustEqual([seq < cancel.seq, hasBeenLeft(driver, shielded, iteration)], [true, true], `${path} was entered before, and was left`);
          seen.add('left');
        }
        return seen;
      });
      tally.mustHaveSeen(CANCELED / 10, ['cancel.requested', 'left', 'crash']);
      tally.mustHaveSeen(CANCELED / 20, ['canceled by an event']);
    },
    TIMEOUT,
  );
});

/** @returns true: whoever asks is heard at any time */
function askToCancel({ database }: RunDriver): boolean {
  database.append('cancel.requested', { reason: null, by: null });
  return true;
}

/** @returns whether the run listens already; before that the event is not for it */
function sendGone({ database }: RunDriver): boolean {
  const wait = [...database.waits.values()].find(({ event }) => event === GONE.name);
  if (wait) database.append('event.arrived', { waitId: wait.id, event: { id: 'gone-1', name: GONE.name, payload: {} } });
  return wait !== undefined;
}

function driven(driver: RunDriver, chance: Chance, meddle?: () => void): Promise<Set<string>> {
  return drive(driver, chance, meddle, PATH === undefined ? undefined : (move) => void process.stdout.write(`${move}\n`));
}

async function play(
  name: string,
  numRuns: number,
  sequences: fc.Arbitrary<Sequence>,
  schedule: (sequence: Sequence, chance: Chance) => Promise<Iterable<string>>,
): Promise<Tally> {
  const tally = new Tally(PATH !== undefined);
  const property = fc.asyncProperty(sequences, fc.noShrink(fc.nat()), async (sequence, seed) =>
    tally.add(await schedule(sequence, new Chance(seed))),
  );
  const which = PATH === undefined ? { numRuns: Math.ceil(numRuns) } : { path: PATH, numRuns: 1, endOnFailure: true };
  const found = await fc.check(property, { seed: SEED, ...which });
  if (!found.failed) return tally;
  const again = `STEPWELL_SEED=${found.seed} STEPWELL_PATH=${found.counterexamplePath} npm run jest -- ${'libs/engine/schedules.spec.ts'} -t '${name}'`;
  const cause = found.errorInstance;
  const what = cause instanceof Error ? cause.message : 'It was interrupted.';
  throw new Error(`${what}\nThe workflow: ${JSON.stringify(found.counterexample?.[0])}\nAgain: ${again}`, { cause });
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

/**
 * Many small ones find more than few large ones; where something has to break in one place and be seen in another, they are larger.
 *
 * @param mayTurn whether a failure may turn into an output, or into another way to go
 */
function sequencesOf(more: readonly fc.Arbitrary<Tree>[], mayTurn: boolean): fc.Arbitrary<Sequence> {
  const { sequences } = fc.letrec<{ tree: Tree; sequences: Sequence }>((tie) => ({
    tree: fc.oneof(
      { depthSize: mayTurn ? 'xsmall' : 'small', withCrossShrink: true },
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
              compensates: fc.boolean(),
            }),
          ]
        : []),
      fc.record({
        kind: fc.constant('try' as const),
        body: tie('sequences'),
        catch: mayTurn ? fc.option(tie('sequences')) : fc.constant(null),
        finally: fc.option(tie('sequences')),
        compensates: fc.boolean(),
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
      fc.record({ kind: fc.constant('inject' as const), way: fc.constantFrom(...INJECT_WAYS) }),
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

/** A sequence has ended when one after the other has completed, up to the last or to one that failed. */
function hasBeenLeft({ database }: RunDriver, body: Body, iteration: string): boolean {
  // Also in a turn that its loop has forgotten.
  const state = fold(database.journal, emptyState({ keepsAll: true }));
  const outcomes = body.nodes.map((node) => outcomeOf(node, iteration, state).status);
  const end = outcomes.findIndex((status) => status !== 'completed');
  return end < 0 || outcomes[end] === 'failed';
}

function checkEnd(driver: RunDriver, { outcome, expected }: BuiltTree): void {
  mustEqual(isTerminal(driver.state.status) && driver.hasEnded, true, 'The run ends');
  checkOutcome(driver, outcome);
  for (const [id, one] of expected) {
    if (one.status === 'completed' && outcome.status === 'completed')
      mustEqual(normal(driver.read.resultOf(id)), normal(one.output), `The output of ${id}`);
    if (one.status === 'not-reached') mustEqual(driver.read.maybeResultOf(id), undefined, `The output of ${id}`);
  }
  const emitted = driver.database.journal.filter(({ type }) => type === 'event.emitted');
  mustBeDifferent(emitted);
  const { events, journal } = driver.database;
  mustEqual(events.filter(isEmitted).length, emitted.length, 'Events and facts of them');
  const notified = journal.filter(({ type, payload }) => type === 'task.escalated' && (payload as { what: string }).what === 'notify');
  mustEqual(events.length - emitted.length, notified.length, 'Events of escalations and facts of them');
}

/** By an emit node: what an escalation tells has a fact of its own. */
function isEmitted({ name }: EventDraft): boolean {
  return name !== TaskEscalated.name;
}

function checkOutcome({ state: { status, output } }: RunDriver, outcome: BuiltTree['outcome']): void {
  mustEqual(status, outcome.status, 'The status');
  if (outcome.status === 'completed') mustEqual(normal(output ?? null), normal(outcome.output ?? null), 'The output');
}

function mustBeDifferent(facts: readonly { readonly path: string; readonly iteration: string }[]): void {
  const places = facts.map(({ path, iteration }) => `${path}#${iteration}`);
  mustEqual(new Set(places).size, places.length, `Of ${places.join(', ')} no two are the same: their number`);
}
