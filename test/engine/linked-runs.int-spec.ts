/** Retrying ended runs on a real database: what has been done is taken over, the rest goes on, and everybody follows the run that does. */
import { isRefusal, RunStatus } from '@stepwell/contracts';
import { type Change, ChangeFeed } from '@stepwell/engine';
import { EventLoop, EventRouter, EventService } from '@stepwell/events';
import {
  emitter,
  event,
  type RecordContext,
  type RecordSource,
  Screen,
  type ScreenHandler,
  Step,
  type StepContext,
  workflow,
} from '@stepwell/sdk';
import { pgSql, postgresEventStore, readLedgers, readLineages } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { gate } from './standing-between.js';

class NoFeed extends ChangeFeed {
  publish(_changes: Iterable<Change>): void {}
  subscribe(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {}
}

class Answer {}

@Screen({ id: 'ask', title: 'Ask' })
class Ask implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

/** Names of what is broken now. */
const broken = new Set<string>();
const executions: { step: string; runId: string; key: string }[] = [];
const executionsOf = (...steps: string[]) => executions.filter(({ step }) => steps.includes(step));

/** A step that is done once and for all when it is not broken. */
const work =
  <T>(step: string, output?: (ctx: StepContext<unknown>) => T) =>
  async (ctx: StepContext<unknown>): Promise<T | string> => {
    executions.push({ step, runId: ctx.runId, key: ctx.idempotencyKey });
    if (broken.has(step)) throw new Error(`${step} is broken`);
    return output ? output(ctx) : step;
  };

const Paid = event<{ amount: number }>('paid', { external: true });
const mayEnd = gate();

@Step({ id: 'read-parts' })
class Parts implements RecordSource<{ part: number }, number> {
  async read({ cursor }: RecordContext<number>) {
    const batch = (cursor ?? 0) + 1;
    if (batch === 2 && broken.has('parts')) throw new Error('the list of parts is torn');
    return { records: [{ key: `part-${batch}`, input: { part: batch } }], rejected: [], cursor: batch, done: batch === 3 };
  }
}

const LARGE = 'x'.repeat(100_000);
const child = workflow<unknown>('child', { version: 1 }).then('cut', work('cut')).then('glue', work('glue'));

const WORKFLOWS = [
  workflow<unknown>('order', { version: 1 })
    .then(
      'price',
      work('price', () => LARGE),
    )
    .then('press', work('press'))
    .then('length', (ctx) => ctx.resultOf<string>('price').length),
  workflow<unknown>('reviewed', { version: 1 }).screen(Ask).then('file', work('file')).screen(Ask, { id: 'ask-again' }),
  child,
  workflow<unknown>('parent', { version: 1 })
    .then('before', work('before'))
    .subWorkflow(child, () => null, { id: 'child' }),
  workflow<unknown>('paying', { version: 1 }).parallel({
    paid: (one) => one.waitForEvent(Paid, { id: 'paid' }),
    other: (two) => two.then('other', work('other')),
  }),
  workflow<unknown>('slow', { version: 1 })
    .then('first', work('first'))
    .then('second', work('second'))
    .then('third', async (ctx) => {
      await work('third')(ctx);
      await mayEnd.opened;
    }),
  workflow<{ part: number }>('part', { version: 1 }).then('drill', (ctx) => work(`drill-${ctx.input.part}`)(ctx)),
  emitter('parts', { version: 1, source: Parts, processor: 'part', batchSize: 1 }),
];

describe('a run that retries an ended one', () => {
  let engine: Engine;
  let loop: EventLoop;
  beforeAll(async () => {
    engine = await startEngine({ workflows: WORKFLOWS, providers: [Ask, Parts] });
    loop = new EventLoop(new EventRouter(postgresEventStore(engine.pool), engine.catalog, engine.hints, new NoFeed()), engine.hints);
    await loop.start();
  });
  afterAll(async () => {
    await loop.stop();
    await engine.close();
  });
  beforeEach(() => {
    broken.clear();
    executions.length = 0;
  });

  const retry = (runId: string) => engine.process.retries.retry({ tenant: TENANT, runId, actor: null, reason: 'mended' });
  const failed = async (name: string, ...steps: string[]) => {
    for (const step of steps) broken.add(step);
    const runId = await engine.start(name);
    await engine.waitFor(runId, RunStatus.failed);
    for (const step of steps) broken.delete(step);
    return runId;
  };
  const refusalOf = (runId: string) => retry(runId).then(() => undefined, (error: unknown) => (isRefusal(error, 'RUN_NOT_RETRYABLE') ? error.message : error)); // prettier-ignore
  const openTask = (runId: string) =>
    until(
      () => engine.query<{ path: string }>(`SELECT path FROM tasks WHERE run_id = $1 AND status = 'open'`, [runId]),
      (tasks) => tasks.length === 1,
      'A task should be open',
    );

  it('executes nothing again that had finished, keeps idempotency keys, and leaves the ended run as it was', async () => {
    const runId = await failed('order', 'press');
    const before = await engine.facts(runId);
    const nextId = await retry(runId);
    await engine.waitFor(nextId, RunStatus.completed);
    expect(await engine.output(nextId)).toBe(LARGE.length);
    expect(executionsOf('price')).toHaveLength(1);
    const keys = executionsOf('press').map(({ runId: of, key }) => [of === runId ? 'old' : 'new', key]);
    expect(keys).toEqual([['old', keys[0]?.[1]], ['new', keys[0]?.[1]]]); // prettier-ignore
    expect(await engine.facts(runId)).toEqual(before);
    const lineage = (await readLineages(pgSql(engine.pool), TENANT, [runId])).get(runId);
    expect(lineage?.map(({ id, status, retryOf, retriedAs }) => ({ id, status, retryOf, retriedAs }))).toEqual([
      { id: runId, status: 'failed', retryOf: null, retriedAs: nextId },
      { id: nextId, status: 'completed', retryOf: runId, retriedAs: null },
    ]);
  });

  it('is one, whoever asks how often', async () => {
    const runId = await failed('order', 'press');
    const ids = await Promise.all([retry(runId), retry(runId), retry(runId)]);
    expect(new Set([...ids, await retry(runId)]).size).toBe(1);
    await engine.waitFor(ids[0], RunStatus.completed);
  });

  it('keeps decisions, and opens a task anew that nobody had decided', async () => {
    broken.add('file');
    const runId = await engine.start('reviewed');
    await openTask(runId);
    await engine.answer(runId, { verdict: 'yes' });
    await engine.waitFor(runId, RunStatus.failed);
    broken.clear();
    const second = await retry(runId);
    expect(await openTask(second)).toEqual([{ path: 'ask-again' }]);
    await engine.runs.cancel({ tenant: TENANT, runId: second, actor: null, reason: null });
    await engine.waitFor(second, RunStatus.canceled);
    const third = await retry(second);
    expect(await openTask(third)).toEqual([{ path: 'ask-again' }]);
    await engine.answer(third, { verdict: 'yes' });
    await engine.waitFor(third, RunStatus.completed);
    expect(executionsOf('file')).toHaveLength(2);
    expect((await engine.row(third)).last_seq).toBe((await engine.facts(third)).length);
  });

  it('goes on in another worker when the first is fenced', async () => {
    const runId = await failed('slow', 'second');
    const nextId = await retry(runId);
    await until(() => executionsOf('third').length, (count) => count === 1, 'The last step should run'); // prettier-ignore
    const other = await engine.spawn();
    await engine.query(`UPDATE runs SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE id = $1`, [nextId]);
    other.worker.look();
    await until(() => executionsOf('third').length, (count) => count === 2, 'The other worker should run the step'); // prettier-ignore
    mayEnd.open();
    await engine.waitFor(nextId, RunStatus.completed);
    expect([executionsOf('first').length, executionsOf('second').length]).toEqual([1, 2]);
    await other.stop();
  });

  it('takes an event that came while nobody waited for it', async () => {
    const runId = await failed('paying', 'other');
    await new EventService(engine.pool, engine.catalog, engine.hints, []).emit({ tenant: TENANT, name: 'paid', payload: { amount: 3 }, idempotencyKey: null, actor: null }); // prettier-ignore
    const nextId = await retry(runId);
    await engine.waitFor(nextId, RunStatus.completed);
    expect(await engine.output(nextId)).toMatchObject({ paid: { timedOut: false, event: { payload: { amount: 3 } } } });
  });

  it.each([
    ['has completed', async () => {
      const runId = await engine.start('order');
      await engine.waitFor(runId, RunStatus.completed);
      return runId;
    }],
    ['version 7', async () => {
      const runId = await failed('order', 'press');
      await engine.query('UPDATE runs SET version = 7 WHERE id = $1', [runId]);
      return runId;
    }],
    ['is waiting and has no incident', async () => {
      const runId = await engine.start('reviewed');
      await engine.waitFor(runId, RunStatus.waiting);
      return runId;
    }],
  ] as const)('is refused: %s', async (why, make) => expect(await refusalOf(await make())).toContain(why)); // prettier-ignore

  describe('of a parent', () => {
    const childOf = async (runId: string) =>
      (await engine.query<{ id: string; parent_run: string; status: RunStatus; retry_of: string | null }>('SELECT * FROM runs WHERE parent_run = $1', [runId]))[0]; // prettier-ignore

    it('goes on with the child that had failed, where that had come to', async () => {
      const runId = await failed('parent', 'glue');
      const first = await childOf(runId);
      const nextId = await retry(runId);
      await engine.waitFor(nextId, RunStatus.completed);
      expect(await childOf(nextId)).toMatchObject({ status: 'completed', retry_of: first?.id });
      expect([executionsOf('before', 'cut').length, executionsOf('glue').length]).toEqual([2, 2]);
      expect(await engine.output(nextId)).toBe('glue');
    });

    it('takes the result of the child’s own retry, when that has completed', async () => {
      const runId = await failed('parent', 'glue');
      const child = await childOf(runId);
      const mended = await retry(child?.id ?? '');
      await engine.waitFor(mended, RunStatus.completed);
      const nextId = await retry(runId);
      await engine.waitFor(nextId, RunStatus.completed);
      expect(await engine.output(nextId)).toBe('glue');
      expect([await childOf(nextId), executionsOf('glue').length]).toEqual([undefined, 2]);
    });
  });

  it('is counted by the ledger in place of the run that it retries, and an emitter repeats no batch', async () => {
    broken.add('drill-1');
    const emitterRun = await failed('parts', 'parts');
    const emitterRetry = await retry(emitterRun);
    await engine.waitFor(emitterRetry, RunStatus.completed);
    const ledger = async () => (await readLedgers(pgSql(engine.pool), TENANT, ['parts'])).get('parts');
    await until(ledger, (counts) => counts?.completed === 2 && counts.failed === 1, 'Two parts should be drilled');
    const [part] = await engine.query<{ id: string }>(`SELECT id FROM runs WHERE workflow = 'part' AND status = 'failed'`);
    broken.clear();
    await engine.waitFor(await retry(part?.id ?? ''), RunStatus.completed);
    const { read, ...counts } = (await ledger()) ?? { read: 0 };
    expect({ read, ...counts }).toMatchObject({ read: 3, completed: 3, failed: 0, deduplicated: 0 });
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(read);
  });
});
