/** The delivery modes: how often each writes, and what each does twice when the process dies. */
import { RunStatus } from '@stepwell/contracts';
import { type Delivery, event, Step, type StepContext, type StepHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { crashAtEveryCommit, hangs, type TestKit, testKit } from '@stepwell/sdk/testing';
import { type Engine, startEngine } from './engine.js';

const Loaded = event<{ count: number }>('rows.loaded');

@Step({ id: 'load' })
class Load implements StepHandler<number> {
  run(ctx: StepContext) {
    return ctx.index;
  }
}

function rows(name: string, delivery: Delivery) {
  return workflow<{ length: number }>(name, { version: 1 })
    .forEach(
      (ctx) => Array.from({ length: ctx.input.length }, (_, index) => index),
      (each) => each.then(Load, { delivery }),
      { id: 'each' },
    )
    .emit(Loaded, (ctx) => ({ count: ctx.resultOf<number[]>('each').length }));
}

const modes = {
  durable: rows('durable-rows', 'durable'),
  byFour: rows('rows-by-four', { mode: 'checkpoint', checkpointInterval: 2, batchSize: 2 }),
  direct: rows('direct-rows', 'direct'),
};
const byFifty = rows('rows-by-fifty', { mode: 'checkpoint', batchSize: 50 });

/** Choices and turns between steps that stay behind, and a boundary in each turn. */
const turns = workflow('turns', { version: 1, delivery: 'direct' }).loop(
  (turn) =>
    turn
      .then('read', (ctx) => ctx.index)
      .when(
        (ctx) => ctx.index % 2 === 0,
        (even) => even.then('note', (ctx) => ctx.resultOf('read')),
        { id: 'even' },
      )
      .then('keep', (ctx) => ctx.resultOf('read'), { checkpoint: true })
      .then('tidy', () => 'tidy', { when: (ctx) => ctx.index > 0 }),
  { id: 'again', until: (ctx) => ctx.index === 2 },
);

@WorkflowModule({ workflows: [...Object.values(modes), byFifty, turns], providers: [Load] })
class RowsModule {}

/** How often `load` ran to its end for each of ten items, when the process dies in the seventh. */
async function countsOf(t: TestKit, mode: keyof typeof modes): Promise<readonly number[]> {
  const counts = Array.from({ length: 10 }, () => 0);
  const load = ({ index }: StepContext) => {
    counts[index]!++;
    if (index === 5 && counts[5] === 1) t.stub(Load, hangs);
    return index;
  };
  t.stub(Load, load);
  const run = await t.start(modes[mode], { length: 10 });
  t.stub(Load, load);
  await t.crash();
  expect([await run.status(), await run.output()]).toEqual(['completed', expect.anything()]);
  return counts;
}

describe.each(['memory', 'postgres'] as const)('a process that dies in the seventh item, %s', (store) => {
  let t: TestKit;
  beforeAll(async () => {
    t = await testKit({ workflows: [RowsModule], store });
  });
  afterAll(() => t.close());

  it.each<[keyof typeof modes, string, readonly number[]]>([
    ['durable', 'nothing that was done', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['byFour', 'what came behind the last full batch', [1, 1, 1, 1, 2, 2, 1, 1, 1, 1]],
    ['direct', 'everything since the last fact that had to be written', [2, 2, 2, 2, 2, 2, 1, 1, 1, 1]],
  ])('%s repeats %s', async (mode, _words, counts) => {
    expect(await countsOf(t, mode)).toEqual(counts);
  });
});

describe('outputs that stay behind', () => {
  it('are written with the boundary behind them, and with the end', async () => {
    const t = await testKit({ workflows: [RowsModule], store: 'memory' });
    await t.start(turns, {});
    const commits = t.writes.done.flatMap(({ what }) => (what.startsWith('the commit') ? [/\((.*)\)/.exec(what)?.[1]] : []));
    await t.close();
    expect(commits).toEqual([
      'loop.turned again',
      'step.completed again/turn/read 0; branch.chosen again/turn/even 0; step.completed again/turn/even/0/note 0; step.completed again/turn/keep 0; step.skipped again/turn/tidy 0; loop.turned again',
      'step.completed again/turn/read 1; branch.chosen again/turn/even 1; step.completed again/turn/keep 1; step.ready again/turn/tidy 1',
      'step.completed again/turn/tidy 1; loop.turned again; step.completed again/turn/read 2; branch.chosen again/turn/even 2; step.completed again/turn/even/0/note 2; step.completed again/turn/keep 2; step.ready again/turn/tidy 2',
      'step.completed again/turn/tidy 2; loop.turned again; run.ended',
    ]);
  });

  it('change no end, wherever the process dies', async () => {
    const scenario = async (t: TestKit) => {
      await t.start(modes.byFour, { length: 6 });
      await t.start(modes.direct, { length: 3 });
      await t.start(turns, {});
    };
    const { commits, crashes } = await crashAtEveryCommit({ workflows: [RowsModule], store: 'memory' }, scenario);
    expect(crashes).toBe(2 * commits);
  });

  it('10,000 items at batchSize 50 are 200 commits at the store', async () => {
    const t = await testKit({ workflows: [RowsModule], store: 'memory' });
    const run = await t.start(byFifty, { length: 10_000 });
    const writes = t.writes.done.filter(({ what }) => what.includes('step.completed'));
    expect([await run.status(), writes.length]).toEqual(['completed', 200]);
    await t.close();
  });
});

describe('on PostgreSQL', () => {
  let engine: Engine;
  beforeAll(async () => {
    // A step that takes long says so, which takes along what is behind: here nothing is to depend on how fast this machine is.
    engine = await startEngine({ workflows: [byFifty, modes.durable], providers: [Load], worker: { reportMs: 600_000 } });
  });
  afterAll(() => engine.close());

  it.each([
    ['rows-by-fifty', 10_000, 200],
    ['durable-rows', 200, 200],
  ])('%s: %i items are written in %i transactions', async (workflow, length, writes) => {
    const runId = await engine.start(workflow, { length });
    await engine.waitFor(runId, RunStatus.completed);
    const [row] = await engine.query<{ writes: string; items: string }>(
      `SELECT count(DISTINCT xmin::text) AS writes, count(*) AS items FROM journal WHERE run_id = $1 AND type = 'step.completed'`,
      [runId],
    );
    expect([Number(row?.writes), Number(row?.items)]).toEqual([writes, length]);
  });
});
