/** Runs that start runs, on the real database: outputs and failures come up, cancels go down, whoever dies in between. */
import { RunStatus } from '@stepwell/contracts';
import { type Change, ChangeFeed } from '@stepwell/engine';
import { EventLoop, EventRouter } from '@stepwell/events';
import { type DetachedRun, Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { postgresEventStore } from '@stepwell/storage';
import { IsInt } from 'class-validator';
import { type Engine, startEngine, until } from './engine.js';

class Answer {}

@Screen({ id: 'ask', title: 'Ask' })
class Ask implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

class Numbered {
  @IsInt()
  number!: number;
}

const begun: number[] = [];
const double = workflow('double', { input: Numbered, version: 3 }).then('double', (ctx) => {
  begun.push(ctx.input.number);
  if (ctx.input.number < 0) throw new Error('it is negative');
  return ctx.input.number * 2;
});
const asking = workflow('asking', { input: Numbered, version: 1 }).screen(Ask);

const parent = workflow<{ number: number }>('parent', { version: 1 })
  .subWorkflow(double, (ctx) => ({ number: ctx.input.number }), { id: 'double-it' })
  .then('after', (ctx) => ctx.resultOf<number>('double-it') + 1);
const many = workflow<{ count: number }>('many', { version: 1 }).forEach(
  (ctx) => Array.from({ length: ctx.input.count }, (_, index) => index),
  (each, numberOf) => each.subWorkflow(double, (ctx) => ({ number: numberOf(ctx) })),
  { concurrency: 1_000 },
);
const waiting = workflow<unknown>('waiting', { version: 1 }).subWorkflow(asking, () => ({ number: 1 }));
const racing = workflow<unknown>('racing', { version: 1 }).parallel(
  {
    both: (flow) =>
      flow.parallel({
        child: (branch) => branch.subWorkflow(asking, () => ({ number: 2 })),
        broken: (branch) => branch.then('wait', () => brokenMayBreak.opened).then('break', () => Promise.reject(new Error('broken'))),
      }),
  },
  { mode: 'collect-all' },
);
const detached = workflow<unknown>('detached', { version: 1 })
  .subWorkflow(asking, () => ({ number: 3 }), { id: 'child', mode: 'detach' })
  .then('after', (ctx) => ctx.resultOf<DetachedRun>('child'));
const misfit = workflow<unknown>('misfit', { version: 1 }).subWorkflow(double, () => ({ number: 'one' }) as never);

let openBroken = (): void => undefined;
const brokenMayBreak = { opened: new Promise<null>((resolve) => (openBroken = () => resolve(null))) };

class NoFeed extends ChangeFeed {
  publish(_changes: Iterable<Change>): void {}
  subscribe(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {}
}

describe('a sub-workflow', () => {
  let engine: Engine;
  let loop: EventLoop;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [double, asking, parent, many, waiting, racing, detached, misfit], providers: [Ask] });
    loop = new EventLoop(new EventRouter(postgresEventStore(engine.pool), engine.catalog, engine.hints, new NoFeed()), engine.hints);
    await loop.start();
  });
  afterAll(async () => {
    await loop.stop();
    await engine.close();
  });

  const childrenOf = (runId: string) =>
    engine.query<{ id: string; status: RunStatus; workflow: string; version: number; started_by: string; parent_run: string | null }>(
      'SELECT id, status, workflow, version, started_by, parent_run FROM runs WHERE cause_run = $1 ORDER BY id',
      [runId],
    );
  const childOf = async (runId: string): Promise<string> => {
    const [child] = await until(
      () => childrenOf(runId),
      (children) => children.some(({ status }) => status === 'waiting'),
      'A child should wait',
    );
    return child?.id ?? '';
  };

  it('gives its output to the parent, which waits for it without costing more than a row', async () => {
    const runId = await engine.start('parent', { number: 20 });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe(41);
    expect(await childrenOf(runId)).toMatchObject([
      { status: 'completed', workflow: 'double', version: 3, started_by: 'parent', parent_run: runId },
    ]);
    expect(await engine.types(runId)).toEqual(['run.started', 'child.started', 'child.ended', 'step.completed', 'run.ended']);
  });

  it('fails its node with the failure of the child, which names the run', async () => {
    const runId = await engine.start('parent', { number: -1 });
    const run = await engine.waitFor(runId, RunStatus.failed);
    const [child] = await childrenOf(runId);
    expect(run.error_code).toBe('CHILD_FAILED');
    expect(run.error_message).toBe(`Run ${child?.id} of "double", which this node waited for, has failed: it is negative`);
  });

  it('refuses an input that does not fit the child, and starts nothing', async () => {
    const runId = await engine.start('misfit', {});
    const run = await engine.waitFor(runId, RunStatus.failed);
    expect(run.error_message).toContain('number: Needs a whole number');
    expect(await childrenOf(runId)).toEqual([]);
  });

  it('is canceled with its parent', async () => {
    const runId = await engine.start('waiting', {});
    const child = await childOf(runId);
    expect((await engine.waitFor(runId, RunStatus.waiting)).wait_reasons).toEqual(['child']);
    await engine.runs.cancel({ tenant: 'default', runId, actor: null, reason: null });
    await engine.waitFor(runId, RunStatus.canceled);
    await engine.waitFor(child, RunStatus.canceled);
    const request = (await engine.facts(child)).find(({ type }) => type === 'cancel.requested');
    expect(request?.payload.reason).toBe('The run that started this one has ended as canceled.');
  });

  it('fails its parent when it is canceled itself', async () => {
    const runId = await engine.start('waiting', {});
    await engine.runs.cancel({ tenant: 'default', runId: await childOf(runId), actor: null, reason: 'enough' });
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'CHILD_CANCELED' });
  });

  it('is canceled when a branch beside it fails', async () => {
    const runId = await engine.start('racing', {});
    const child = await childOf(runId);
    openBroken();
    await engine.waitFor(runId, RunStatus.completed);
    await engine.waitFor(child, RunStatus.canceled);
  });

  it('has a life of its own when it is detached', async () => {
    const runId = await engine.start('detached', {});
    await engine.waitFor(runId, RunStatus.completed);
    const [child] = await childrenOf(runId);
    expect([await engine.output(runId), child?.parent_run]).toEqual([{ runId: child?.id }, null]);
    await engine.waitFor(child?.id ?? '', RunStatus.waiting);
  });

  it('tells its parent also when both workers have gone meanwhile', async () => {
    const runId = await engine.start('waiting', {});
    const child = await childOf(runId);
    await engine.waitFor(runId, RunStatus.waiting);
    await loop.stop();
    await engine.answer(child, { fine: true });
    await engine.waitFor(child, RunStatus.completed);
    expect((await engine.query('SELECT 1 FROM outbox WHERE run_id = $1', [runId])).length).toBe(1);
    await engine.worker.stop();
    const other = await engine.spawn();
    loop = new EventLoop(new EventRouter(postgresEventStore(other.pool), engine.catalog, other.wakeUps, new NoFeed()), other.wakeUps);
    await loop.start();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ fine: true });
  });

  it('is started once per item by a parent of five hundred', async () => {
    begun.length = 0;
    const runId = await engine.start('many', { count: 500 });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual(Array.from({ length: 500 }, (_, index) => index * 2));
    expect([(await childrenOf(runId)).length, new Set(begun).size, begun.length]).toEqual([500, 500, 500]);
    expect(await engine.query('SELECT 1 FROM outbox')).toEqual([]);
  });
});
