import { RunStatus } from '@stepwell/contracts';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { IsString } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { logLeases, mostAlive, mostLeases } from './lease-log.js';
import { type Gate, gate } from './standing-between.js';

class Verdict {
  @IsString()
  verdict!: string;
}

@Screen({ id: 'ask', title: 'Ask' })
class Ask implements ScreenHandler<unknown, Verdict, unknown> {
  readonly answer = Verdict;
  props() {
    return {};
  }
}

const doors = new Map<string, Gate>();
const doorOf = (name: string): Gate => {
  const door = doors.get(name) ?? gate();
  doors.set(name, door);
  return door;
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

const onePress = workflow<{ door?: string }>('one-press', { version: 1, concurrency: { limit: 1 } }).then('print', async (ctx) => {
  if (ctx.input.door) await doorOf(ctx.input.door).opened;
  await turn();
});
const perCustomer = workflow<{ customer: string; door: string }>('per-customer', {
  version: 1,
  concurrency: { limit: 2, key: ({ customer }) => customer },
}).then('serve', (ctx) => doorOf(ctx.input.door).opened);
const asking = workflow('asking', { version: 1, concurrency: { limit: 1 } }).screen(Ask);
const single = workflow<{ account: string }>('single', { version: 1, singleton: { key: ({ account }) => account } }).screen(Ask);
const failing = workflow('failing', { version: 1, concurrency: { limit: 1 } }).then('fail', () => {
  throw new Error('no');
});
const parent = workflow<number>('parent', { version: 1 }).subWorkflow(onePress, () => ({}));

describe('caps over runs', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [onePress, perCustomer, asking, single, failing, parent], providers: [Ask] });
    await logLeases(engine.database.pool);
  });
  afterAll(() => engine.close());

  const completed = async (name: string) =>
    (await engine.query(`SELECT id FROM runs WHERE workflow = $1 AND status = 'completed'`, [name])).length;
  /** Waits as long as it goes on: a standstill fails. */
  const ended = async (count: number, name: string) => {
    for (let next = Math.min(20, count); next <= count; next = next === count ? count + 1 : Math.min(next + 20, count))
      await until(
        () => completed(name),
        (done) => done >= next,
        `${next} of ${count} runs should have completed`,
      );
  };
  const permits = async () => (await engine.query<{ run_id: string }>('SELECT run_id FROM permits')).map(({ run_id }) => run_id);

  it('of one let two hundred runs through one by one, over three processes and none over the other', async () => {
    await engine.spawn();
    await engine.spawn();
    await Promise.all(Array.from({ length: 200 }, () => engine.start('one-press', {})));
    await ended(200, 'one-press');
    expect(await mostLeases(engine.database.pool)).toEqual({ 'default/one-press/': 1 });
    expect(await permits()).toEqual([]);
  }, 90_000);

  it('count per key, and never for the start of a run: it queues for its permit', async () => {
    const ids = await Promise.all(
      [1, 2, 3].flatMap(() => ['ann', 'bob'].map((customer) => engine.start('per-customer', { customer, door: 'serve' }))),
    );
    const running = async () => (await engine.query(`SELECT id FROM runs WHERE workflow = 'per-customer' AND status = 'running'`)).length;
    await until(running, (count) => count === 4, 'Two runs of each customer should be at work');
    doorOf('serve').open();
    await ended(ids.length, 'per-customer');
    expect(await mostLeases(engine.database.pool)).toMatchObject({ 'default/per-customer/ann': 2, 'default/per-customer/bob': 2 });
  });

  it('by concurrency leave the place of a run that waits to the next one', async () => {
    const [first, second] = [await engine.start('asking'), await engine.start('asking')];
    await engine.waitFor(first, RunStatus.waiting);
    await engine.waitFor(second, RunStatus.waiting);
    expect(await permits()).toEqual([]);
    await engine.answer(first, { verdict: 'yes' });
    await engine.waitFor(first, RunStatus.completed);
  });

  it('by singleton keep it until the run has ended, and then let the next one in', async () => {
    const [first, second, other] = [
      await engine.start('single', { account: 'a' }),
      await engine.start('single', { account: 'a' }),
      await engine.start('single', { account: 'b' }),
    ];
    await engine.waitFor(first, RunStatus.waiting);
    await engine.waitFor(other, RunStatus.waiting);
    expect(await engine.row(second)).toMatchObject({ status: 'queued' });
    await engine.answer(first, { verdict: 'yes' });
    await engine.waitFor(second, RunStatus.waiting);
    await engine.runs.cancel({ tenant: TENANT, runId: second, actor: null, reason: null });
    await engine.waitFor(second, RunStatus.canceled);
    expect(await permits()).toEqual([other]);
    expect(await mostAlive(engine.database.pool)).toMatchObject({ 'default/single/a': 1, 'default/single/b': 1 });
  });

  it('let the next one in when a run fails, and hold for the run that retries it, with its priority', async () => {
    const request = { tenant: TENANT, workflow: 'failing', input: null, actor: null, priority: 4 };
    const { runId } = await engine.runs.start(request);
    for (const id of [runId, await engine.start('failing')]) await engine.waitFor(id, RunStatus.failed);
    const retry = await engine.process.retries.retry({ tenant: TENANT, runId, actor: null, reason: null });
    await engine.waitFor(retry, RunStatus.failed);
    expect(await engine.row(retry)).toMatchObject({ permit_key: '', priority: 4 });
  });

  it('hold for runs that other runs start', async () => {
    const parents = await Promise.all([1, 2, 3].map((number) => engine.start('parent', number)));
    await until(
      () => engine.query<{ status: string; permit_key: string }>(`SELECT status, permit_key FROM runs WHERE started_by = 'parent'`),
      (rows) => rows.length === parents.length && rows.every((row) => row.status === 'completed' && row.permit_key === ''),
      'Each parent should have a capped child that has completed',
    );
    expect(await mostLeases(engine.database.pool)).toMatchObject({ 'default/one-press/': 1 });
  });

  it('refuse a start whose key cannot be told, and say which option it is', async () => {
    await expect(engine.start('per-customer', { door: 'x' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'The key of "per-customer" (its option concurrency) is undefined, and not a text, for this input.',
    });
    await expect(engine.start('per-customer', null)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('go by priority: a start may be put before others', async () => {
    const door = 'priorities';
    const first = await engine.start('one-press', { door });
    await engine.waitFor(first, RunStatus.running);
    const request = { tenant: TENANT, workflow: 'one-press', input: { door }, actor: null };
    const { runId: low } = await engine.runs.start({ ...request, priority: -1 });
    const { runId: high } = await engine.runs.start({ ...request, priority: 3 });
    doorOf(door).open();
    await engine.waitFor(low, RunStatus.completed);
    const [row] = await engine.query<{ inOrder: boolean }>(
      `SELECT (SELECT ended_at FROM runs WHERE id = $1) < (SELECT ended_at FROM runs WHERE id = $2) AS "inOrder"`,
      [high, low],
    );
    expect(row).toEqual({ inOrder: true });
    await expect(engine.runs.start({ ...request, priority: 11 })).rejects.toMatchObject({
      message: 'The priority is 11; it is a whole number from -10 to 10.',
    });
  });
});
