import {
  definitionOf,
  event,
  type Flow,
  migrateFrom,
  type MigrationOptions,
  Screen,
  Step,
  type StepHandler,
  workflow,
} from '@stepwell/sdk';
import fc from 'fast-check';
import { fold } from './apply.js';
import type { Fact } from './facts/fact.js';
import { compile } from './graph/compile.js';
import type { Graph } from './graph/graph.js';
import { migrationOf, reopenedByUndo } from './migration.js';
import { firstSeed } from '../../test/models/first-seed.js';
import { RunDriver } from './testing/run-driver.js';

const SEED = firstSeed('libs/engine/migration.spec.ts', 'STEPWELL_RUNS' in process.env);
const RUNS = Number(process.env['STEPWELL_RUNS'] ?? 100);

@Screen({ id: 'review', title: 'Review' })
class Review {
  readonly answer = class {};
  props() {
    return null;
  }
}
const Paid = event<unknown>('order.paid', { external: true });

const refunds: unknown[] = [];
@Step({ id: 'refund' })
class Refund implements StepHandler<unknown> {
  run() {
    refunds.push(1);
    return null;
  }
}
const fails = () => {
  throw new Error('no');
};

const graphOf = (version: number, build: (flow: Flow<unknown>) => Flow<unknown>): Graph =>
  compile(definitionOf(build(workflow<unknown>('order', { version }))));
const kindsOf = (graph: Graph) => new Map([...graph.byPath].map(([path, { definition }]) => [path, definition.kind]));
const migration = (from: Graph, to: Graph, options: MigrationOptions, facts: readonly Fact[]) =>
  migrationOf(to, migrateFrom(from.version, options), kindsOf(from), facts, 1_000);

/** What each step says: which it is, and of which version. */
const says = (version: number) => (flow: Flow<unknown>, id: string) => flow.then(id, () => `${id}@${version}`);
const old = graphOf(1, (flow) => {
  const step = says(1);
  return step(flow, 'price')
    .parallel(
      {
        people: (one) => one.screen(Review, { id: 'review' }),
        money: (one) => step(one.waitForEvent(Paid, { id: 'paid', match: () => ({}) }), 'book'),
      },
      { id: 'both' },
    ) // prettier-ignore
    .when(
      () => true,
      (yes) => step(yes, 'note'),
      { id: 'noted' },
    ) // prettier-ignore
    .abSplit(
      { a: { weight: 1, branch: (one) => step(one, 'a-step') }, b: { weight: 1, branch: (one) => step(one, 'b-step') } },
      { id: 'split' },
    ) // prettier-ignore
    .wait('1h', { id: 'rest' })
    .then('file', () => 'file@1');
});
/** Another first step, other names, the arms in another order, the variants, too; what was at the top stands in a try, and one is gone. */
const next = graphOf(2, (flow) => {
  const step = says(2);
  const before = step(step(flow, 'check'), 'cost').parallel(
    { people: (one) => one.try((inner) => inner.screen(Review, { id: 'decide' }), { catch: (inner) => inner.then('sorry', () => 0) }), money: (one) => step(one.waitForEvent(Paid, { id: 'paid', match: () => ({}) }), 'book') },
    { id: 'both' },
  ); // prettier-ignore
  return before
    .when(
      () => false,
      (one) => step(one, 'other'),
      { id: 'noted' },
    )
    .otherwise((one) => step(one, 'note')) // prettier-ignore
    .abSplit(
      { b: { weight: 1, branch: (one) => step(one, 'b-step') }, a: { weight: 9, branch: (one) => step(one, 'a-step') } },
      { id: 'split' },
    ) // prettier-ignore
    .then('file', (ctx) => ['check', 'cost', 'decide', 'book', 'note', 'split'].map((id) => ctx.maybeResultOf(id) ?? null));
});
const PLAN: MigrationOptions = {
  rename: { price: 'cost', review: 'decide' },
  remove: ['rest'],
  upcast: { price: (output: string) => `${output}, upcast` },
};

describe('a run that goes on in a newer version', () => {
  it('comes to the end of the newer graph from wherever it was, with what it had done, and does none of it again', async () => {
    const seen = { migrated: 0, closed: 0, midway: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.infiniteStream(fc.nat({ max: 9_999 })), async (moves, choices) => {
        const answers = { answer: () => 'yes' };
        const first = new RunDriver(old, answers);
        for (let count = 0; count < moves && !first.hasEnded; count++) await anyMove(first, choices);
        // Its worker is gone, or has given it up: what was not written is not known.
        first.crash();
        const facts = [...first.database.journal];
        if (facts.some(({ type }) => type === 'run.ended')) return;
        const before = fold(facts);
        const planned = migration(old, next, PLAN, facts);
        expect(planned.problems).toEqual([]);
        const second = first.migrate(next, planned, answers);
        while (!second.hasEnded) await anyMove(second, choices);

        const did = (id: string) => before.nodes.get(id, '')?.phase === 'completed';
        const variant = before.nodes.get('split', '')?.taken ?? second.state.nodes.get('split', '')?.taken;
        const step = (id: string, path = id) => (did(path) ? `${id}@1` : `${id}@2`);
        expect(second.state.status).toBe('completed');
        if (did('file')) return expect(second.state.output).toBe('file@1');
        expect(second.state.output).toEqual([
          'check@2',
          did('price') ? 'price@1, upcast' : 'cost@2',
          'yes',
          step('book', 'both/money/book'),
          step('note', 'noted/0/note'),
          { variant, selectedVariant: variant, output: step(`${variant}-step`, `split/${variant}/${variant}-step`) },
        ]);
        for (const [id, path] of [['book', 'both/money/book'], ['note', 'noted/1/note'], ['cost', 'cost']] as const)
          if (did(id === 'cost' ? 'price' : path.replace('/1/', '/0/'))) expect(second.executions.get(path)).toBeUndefined(); // prettier-ignore
        expect(fold(second.database.journal).lastSeq).toBe(second.state.lastSeq);
        seen.migrated++;
        seen.closed += planned.lost.length;
        if (before.nodes.size > 2) seen.midway++;
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
    expect(Math.min(seen.migrated, 2 * seen.midway)).toBeGreaterThan(RUNS / 3);
  }, 600_000);

  /** The journal of a run that has come to facts of all these types. */
  const journalOf = async (graph: Graph, ...types: string[]): Promise<Fact[]> => {
    const driver = new RunDriver(graph, { answer: () => 'yes' });
    while (!types.every((type) => driver.facts.includes(type))) await driver.moves()[0]?.make();
    return [...driver.database.journal];
  };

  it('is refused where a node has nothing in the newer graph, another kind or other loops, and says which', async () => {
    const facts = await journalOf(old, 'task.opened', 'event-wait.started');
    const problems = (to: Graph, options: MigrationOptions = {}) => migration(old, to, options, facts).problems;
    const other = graphOf(2, (flow) =>
      flow.loop((turn) => turn.then('price', () => 1), { maxIterations: 2, until: () => true }).wait('1h', { id: 'review' }),
    );
    expect(problems(other, { remove: ['both', 'paid'] })).toEqual([
      '"price" stands in 0 loops, and "loop-1/turn/price" in 1',
      '"both/people/review" was a screen and is a wait',
    ]);
    expect(
      problems(
        graphOf(2, (flow) => flow.then('price', () => 1)),
        { remove: ['both', 'review'] },
      ),
    ).toEqual(['"both/money/paid" is not in version 2, and the plan does not say what has become of it']);
    expect(problems(next, { ...PLAN, upcast: { price: () => undefined } })[0]).toMatch(
      /^the output of "price" cannot be upcast: it gives no JSON/,
    );
  });

  it('is refused when the variant that it has is gone', async () => {
    const split = (version: number, ...names: string[]) =>
      graphOf(version, (flow) => flow.abSplit(Object.fromEntries(names.map((name) => [name, { weight: 1 }])), { id: 'split' }).wait('1h'));
    const facts = await journalOf(split(1, 'a', 'b'), 'branch.chosen');
    const taken = fold(facts).nodes.get('split', '')?.taken ?? '';
    expect(migration(split(1, 'a', 'b'), split(2, 'c', 'd', taken), {}, facts).payload.choices).toEqual([
      { path: 'split', iteration: '', choice: 2 },
    ]);
    expect(migration(split(1, 'a', 'b'), split(2, 'c', 'd'), {}, facts).problems).toEqual([
      'the branch that "split" has taken is not in version 2, or in several',
    ]);
  });

  it('tells what a removed node leaves behind, and where the run stands then', async () => {
    const facts = await journalOf(old, 'wait.started');
    const { lost, closes, stands } = migration(old, graphOf(2, (flow) => flow.then('price', () => 1).screen(Review)), {
      remove: ['both', 'review', 'paid', 'book', 'noted', 'note', 'split', 'a-step', 'b-step', 'rest'],
    }, facts); // prettier-ignore
    expect(lost.map(({ path }) => path)).toContain('both/people/review');
    expect(closes).toEqual([]);
    expect(stands.map(({ path }) => path)).toEqual(['review']);
  });

  it('takes along what it has undone, and undoes it no second time', async () => {
    const order = (version: number, id: string, isUndone = true) =>
      graphOf(version, (flow) =>
        flow.try((body) => body.then(id, () => 1, isUndone ? { compensate: Refund } : {}).then('pack', fails), {
          id: 'book',
          compensate: true,
          catch: (failed) => failed.wait('1h', { id: 'rest' }),
        }),
      );
    for (const [to, id] of [
      [order(2, 'charge'), 'charge'],
      [order(2, 'debit'), 'debit'],
      [order(2, 'charge', false), 'charge'],
    ] as const) {
      refunds.length = 0;
      const first = new RunDriver(order(1, 'charge'));
      while (!first.facts.includes('wait.started')) await first.moves()[0]?.make();
      first.crash();
      const planned = migration(first.graph, to, id === 'debit' ? { rename: { charge: 'debit' } } : {}, first.database.journal);
      expect(planned.problems).toEqual([]);
      const second = first.migrate(to, planned, {});
      second.database.append('cancel.requested', { reason: null, by: null });
      await second.settle();
      expect([second.state.status, refunds.length]).toEqual(['canceled', 1]);
    }
  });

  it('undoes the turns of a loop whose step has got its undo with the newer version', async () => {
    const seats = (version: number, isUndone: boolean) =>
      graphOf(version, (flow) =>
        flow
          .loop((turn) => turn.then('hold', () => 1, isUndone ? { compensate: Refund } : {}).wait('1h'), { id: 'seats', maxIterations: 5 })
          .then('pack', fails),
      );
    refunds.length = 0;
    const first = new RunDriver(seats(1, false));
    while (!first.facts.includes('wait.started')) await first.moves()[0]?.make();
    first.crash();
    const second = first.migrate(seats(2, true), migration(first.graph, seats(2, true), {}, first.database.journal), {});
    await second.settle();
    expect([second.state.status, refunds.length]).toEqual(['failed', 5]);
  });

  it('is as it was when the migration is undone, but for what that had closed', async () => {
    const to = graphOf(2, (flow) => flow.then('cost', () => 1).wait('1h'));
    const from = graphOf(1, (flow) => flow.then('price', () => 1).screen(Review));
    const waiting = await journalOf(from, 'task.opened');
    const { payload, closes } = migration(from, to, { rename: { price: 'cost' }, remove: ['review'] }, waiting);
    expect(closes).toHaveLength(1);
    const fact = (type: string, seq: number, more: object): Fact => ({ type, seq, version: 1, path: '', iteration: '', attempt: 0, at: 1_000, payload: { ...more, by: null, reason: null } }); // prettier-ignore
    const migrated = [...waiting, fact('run.migrated', waiting.length + 1, payload)];
    expect([...fold(migrated).nodes.values()].map(({ path }) => path)).toEqual(['cost']);
    const undone = fold([
      ...migrated,
      fact('migration.undone', waiting.length + 2, { from: 1, to: 2, reopened: [{ path: 'review', iteration: '' }] }),
    ]);
    expect([...undone.nodes.values()].map(({ path }) => path)).toEqual(['price']);
    expect(undone.nodes.get('price', '')).toEqual(fold(waiting).nodes.get('price', ''));
  });

  it('begins the escalation of a screen anew, too, when a migration is undone that had removed it', async () => {
    const from = graphOf(1, (flow) => flow.then('price', () => 1).screen(Review, { escalate: [{ after: '1h', run: Refund }] }));
    const to = graphOf(2, (flow) => flow.then('price', () => 1).wait('1h'));
    const driver = new RunDriver(from);
    while (!driver.facts.includes('task.escalated'))
      await driver
        .moves()
        .find(({ name }) => !name.startsWith('answer'))
        ?.make();
    const escalated = driver.database.journal;
    const { payload, problems } = migration(from, to, { remove: ['review', 'review-escalation-1'] }, escalated);
    expect(problems).toEqual([]);
    const paths = reopenedByUndo(escalated, payload.removed).map(({ path }) => path);
    expect(paths).toEqual(['review', 'review/escalation-1/review-escalation-1']);
  });
});

async function anyMove(driver: RunDriver, choices: fc.Stream<number>): Promise<void> {
  const moves = driver.moves();
  const { value: choice = 0 } = choices.next() as { value?: number };
  const move = moves[choice % moves.length];
  if (!move) throw new Error('Nothing is left to be done, and the run has not ended.');
  await move.make();
}
