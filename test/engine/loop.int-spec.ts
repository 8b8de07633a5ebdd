/** A loop on the real database: its turns, pauses and cap, with a worker that dies in between; and one whose turns take no time. */
import { RunStatus } from '@stepwell/contracts';
import { event, type LoopResult, workflow } from '@stepwell/sdk';
import { type Engine, startEngine } from './engine.js';

const begun: string[] = [];
const pages = workflow<{ pages: number }>('pages', { version: 1 })
  .loop<{ next: number }>(
    (turn, previousOf) =>
      turn.then('read-page', (ctx) => {
        begun.push(`${ctx.index} ${previousOf(ctx)?.next ?? 'first'}`);
        return ctx.isResumed ? { next: ctx.index + 1 } : ctx.suspend({ for: '10ms' });
      }),
    { id: 'pages', until: (ctx) => ctx.resultOf<{ next: number }>('read-page').next === 4, pause: '10ms', maxIterations: 10 },
  )
  .then('count', (ctx) => ctx.resultOf<LoopResult>('pages').iterations);

const Tick = event<number>('tick');
const quick = workflow<{ turns: number }>('quick', { version: 1 }).loop((turn) => turn.emit(Tick, (ctx) => ctx.index), {
  while: (ctx) => ctx.index + 1 < ctx.input.turns,
});
const capped = workflow<unknown>('capped', { version: 1 }).loop((turn) => turn.then('again', () => 1), {
  until: () => false,
  maxIterations: 3,
});

describe('a loop', () => {
  let engine: Engine;
  const perCommit: number[] = [];
  beforeAll(async () => {
    // Who stops has all the time that its last commit takes.
    const worker = { drainMs: 60_000 };
    engine = await startEngine({ workflows: [pages, quick, capped], onCommitted: ({ facts }) => perCommit.push(facts.length), worker });
  });
  afterAll(() => engine.close());

  it('goes on in another worker, with the turn that it stood in', async () => {
    const runId = await engine.start('pages', {});
    await engine.waitFor(runId, RunStatus.waiting);
    await engine.worker.stop();
    await engine.spawn();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe(4);
    // Each is entered, suspended, and entered again.
    expect(begun).toEqual(['0 first', '0 first', '1 1', '1 1', '2 2', '2 2', '3 3', '3 3']);
    const turned = (await engine.facts(runId)).filter(({ type }) => type === 'loop.turned');
    expect(turned.map(({ payload: { finished, ending } }) => [finished, ending])).toEqual([
      [0, null],
      [1, null],
      [2, null],
      [3, null],
      [4, 'until'],
    ]);
  });

  it('whose turns take no time is committed in parts', async () => {
    perCommit.length = 0;
    const runId = await engine.start('quick', { turns: 900 });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toMatchObject({ iterations: 900 });
    const [{ ticks } = { ticks: 0 }] = await engine.query<{ ticks: number }>(
      "SELECT count(*)::int AS ticks FROM events WHERE name = 'tick'",
    );
    expect(ticks).toBe(900);
    expect(Math.max(...perCommit)).toBeLessThan(300);
  });

  it('fails at its cap with a code of its own, and goes on when its run is retried', async () => {
    const runId = await engine.start('capped');
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'LOOP_CAPPED' });
    const next = await engine.process.retries.retry({ tenant: 'default', runId, actor: null, reason: null });
    await engine.waitFor(next, RunStatus.failed);
    expect((await engine.facts(next)).filter(({ type }) => type === 'step.completed')).toHaveLength(6);
  });
});
