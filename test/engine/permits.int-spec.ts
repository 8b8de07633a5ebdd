import { RunStatus } from '@stepwell/contracts';
import type { ChangeFeed } from '@stepwell/engine';
import { EventLoop, EventRouter, EventService } from '@stepwell/events';
import { cancelBy, event, Screen, type ScreenHandler, Step, type StepHandler, workflow } from '@stepwell/sdk';
import { postgresEventStore } from '@stepwell/storage';
import { IsString } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { logLeases, mostAlive, mostLeases } from './lease-log.js';
import type { Process } from './process.js';
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
const refunds: string[] = [];
@Step({ id: 'refund' })
class Refund implements StepHandler<unknown> {
  run({ input }: { readonly input: string }) {
    refunds.push(input);
    return null;
  }
}
const charging = workflow<string>('charging', { version: 1, concurrency: { limit: 1 } })
  .then('charge', (ctx) => ({ of: ctx.input }), { compensate: Refund })
  .screen(Ask)
  .then('ship', (ctx) => doorOf(ctx.input).opened);
const failing = workflow('failing', { version: 1, concurrency: { limit: 1 } }).then('fail', () => {
  throw new Error('no');
});
const parent = workflow<number>('parent', { version: 1 }).subWorkflow(onePress, () => ({}));
const Called = event<{ order: string }>('called-off', { external: true });
const calledOff = workflow<{ order: string; door?: string }>('called-off', {
  version: 1,
  concurrency: { limit: 1 },
  cancelOn: [cancelBy(Called, ({ order }) => ({ order }))],
})
  .when(
    (ctx) => ctx.input.door !== undefined,
    (yes) => yes.then('work', (ctx) => doorOf(ctx.input.door as string).opened),
  )
  .otherwise((no) => no.wait('30d'));
const parentOfSingle = workflow('parent-of-single', { version: 1 }).subWorkflow(single, () => ({ account: 'c' }));

describe('caps over runs', () => {
  let engine: Engine;
  let loop: EventLoop;
  const others: Process[] = [];
  beforeAll(async () => {
    engine = await startEngine({
      workflows: [onePress, perCustomer, asking, single, charging, failing, parent, calledOff, parentOfSingle],
      providers: [Ask, Refund],
    });
    await logLeases(engine.database.pool);
    const feed: ChangeFeed = { publish: () => undefined, subscribe: () => () => undefined, close: () => Promise.resolve() };
    loop = new EventLoop(new EventRouter(postgresEventStore(engine.pool), engine.catalog, engine.hints, feed), engine.hints);
    await loop.start();
  });
  afterAll(async () => {
    await loop.stop();
    await engine.close();
  });

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
    others.push(await engine.spawn(), await engine.spawn());
    await Promise.all(Array.from({ length: 200 }, () => engine.start('one-press', {})));
    await ended(200, 'one-press');
    expect(await mostLeases(engine.database.pool)).toEqual({ 'default/one-press/': 1 });
    expect(await permits()).toEqual([]);
  });

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

  it('do not hold up the cancel of a run that queues: it ends without a place, and its parent is told', async () => {
    const first = await engine.start('single', { account: 'c' });
    await engine.waitFor(first, RunStatus.waiting);
    const held = await permits();
    const cancel = (runId: string) => engine.runs.cancel({ tenant: TENANT, runId, actor: null, reason: null });
    const startParent = async () => {
      const id = await engine.start('parent-of-single');
      const [child] = await until(
        () => engine.query<{ id: string; status: string }>(`SELECT id, status FROM runs WHERE parent_run = $1`, [id]),
        (rows) => rows.length === 1,
        'The parent should have started its child',
      );
      return { id, child: child?.id as string };
    };
    const [one, another] = [await startParent(), await startParent()];
    await cancel(one.child);
    await engine.waitFor(one.id, RunStatus.failed);
    await cancel(another.id);
    for (const { child } of [one, another]) {
      await engine.waitFor(child, RunStatus.canceled);
      expect(await engine.types(child)).toEqual(['run.started', 'cancel.requested', 'run.ended']);
    }
    expect(await engine.row(first)).toMatchObject({ status: 'waiting' });
    expect(await permits()).toEqual(held);
  });

  it('are waited for by a canceled run that has something to undo, unless its end is forced', async () => {
    const [undone, forced, working] = [
      await engine.start('charging', 'undone'),
      await engine.start('charging', 'forced'),
      await engine.start('charging', 'working'),
    ];
    for (const id of [undone, forced, working]) await engine.waitFor(id, RunStatus.waiting);
    await engine.answer(working, { verdict: 'yes' });
    await engine.waitFor(working, RunStatus.running);
    const cancel = (runId: string, isForced = false) => engine.runs.cancel({ tenant: TENANT, runId, actor: null, reason: null, isForced });
    for (const runId of [undone, forced]) await cancel(runId);
    for (const runId of [undone, forced]) {
      const isEnding = async () => [...(await engine.types(runId)).slice(-2), (await engine.row(runId)).status];
      await until(isEnding, (seen) => String(seen) === 'cancel.requested,ending.began,queued', 'It should queue with its end begun');
    }
    const { epoch } = await engine.row(undone);
    await cancel(forced, true);
    await engine.waitFor(forced, RunStatus.canceled);
    expect([refunds, await permits(), (await engine.row(undone)).epoch]).toEqual([[], expect.arrayContaining([working]), epoch]);
    doorOf('working').open();
    await engine.waitFor(undone, RunStatus.canceled);
    expect(refunds).toEqual(['undone']);
    expect((await engine.types(undone)).slice(-2)).toEqual(['step.completed', 'run.ended']);
    expect(JSON.stringify(engine.process.log)).not.toContain(undone);
  });

  it('are not got round by a mark: a run that nothing ends is given back, and begins with a permit', async () => {
    const [first, second] = [await engine.start('single', { account: 'd' }), await engine.start('single', { account: 'd' })];
    await engine.waitFor(first, RunStatus.waiting);
    await engine.query('UPDATE runs SET cancel_requested_at = clock_timestamp() WHERE id = $1', [second]);
    engine.worker.look();
    await until(
      () => engine.row(second),
      ({ status, epoch }) => status === RunStatus.queued && epoch >= 2,
      'The run should have been claimed, and given back',
    );
    expect(await engine.types(second)).toEqual(['run.started']);
    await engine.answer(first, { verdict: 'yes' });
    await engine.waitFor(second, RunStatus.waiting);
    expect(await permits()).toContain(second);
  });

  it('do not hold up an event that cancels a run which has given its place up', async () => {
    const order = 'called-off';
    const waiting = await engine.start('called-off', { order });
    await engine.waitFor(waiting, RunStatus.waiting);
    const working = await engine.start('called-off', { order: 'another', door: 'order' });
    await engine.waitFor(working, RunStatus.running);
    const events = new EventService(engine.pool, engine.catalog, engine.hints, []);
    await events.emit({ tenant: TENANT, name: 'called-off', payload: { order }, idempotencyKey: null, actor: null });
    await engine.waitFor(waiting, RunStatus.canceled);
    expect(await engine.row(working)).toMatchObject({ status: 'running' });
    expect(await permits()).toContain(working);
    doorOf('order').open();
    await engine.waitFor(working, RunStatus.completed);
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
      () =>
        engine.query<{ status: string; permit_key: string }>(
          `SELECT status, permit_key FROM runs WHERE started_by = 'parent' AND workflow = 'one-press'`,
        ),
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
    // Of those that claim at the same moment, one may pass over a run that another has locked.
    for (const other of others) await other.stop();
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
