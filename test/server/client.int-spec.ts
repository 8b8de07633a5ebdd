/** Starts and events inside the caller's own transaction. */
import { IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { event, on, Step, StepwellClient, type StepContext, type StepHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { until } from '../engine/engine.js';
import { type ApiApp, startApiApp } from './api-app.js';

class Order {
  @IsString()
  id!: string;
}

const shipped = event<{ id: string }>('parcel.shipped', { external: true });
const parcel = workflow<Order>('parcel', { version: 1, input: Order }).then('end', (ctx) => ctx.input.id);
const thanks = workflow<{ id: string }>('thanks', {
  version: 1,
  startOn: [on(shipped, ({ payload }) => ({ input: payload }))],
}).then('end', (ctx) => ctx.input.id);

/** Starts a run in the commit of its own step, but for the first attempt, which fails after that. */
@Step({ id: 'order-parcel', retry: { attempts: 2, backoff: '1ms' } })
class OrderParcel implements StepHandler<string, Order> {
  constructor(private readonly client: StepwellClient) {}

  run(ctx: StepContext<Order>) {
    return ctx.transaction(async (manager) => {
      const { runId } = await this.client.start(parcel, ctx.input, { idempotencyKey: `attempt-${ctx.attempt}`, manager });
      if (ctx.attempt === 1) throw new Error('too early');
      return runId;
    });
  }
}
const ordering = workflow<Order>('ordering', { version: 1, input: Order }).then(OrderParcel);

@WorkflowModule({ workflows: [parcel, thanks, ordering], providers: [OrderParcel] })
class ParcelModule {}

describe('the client', () => {
  let api: ApiApp;
  let client: StepwellClient;
  let dataSource: DataSource;
  beforeAll(async () => {
    // No look at the database within the test, unless a hint asks for it.
    api = await startApiApp({ workflowModules: [ParcelModule], worker: { sweepMs: 3_600_000 } });
    client = api.app.get(StepwellClient);
    dataSource = api.app.get(DataSource);
  });
  afterAll(() => api.close());

  const runsOf = async (where: string, value: unknown) =>
    (
      await api.database.pool.query<{ id: string; status: string; output: unknown }>(`SELECT id, status FROM runs WHERE ${where} = $1`, [
        value,
      ])
    ).rows;
  const completed = (where: string, value: unknown) =>
    until(
      () => runsOf(where, value),
      ([run]) => run?.status === 'completed',
      'The run should complete',
    );
  const traces = async () =>
    (
      await api.database.pool.query(
        'SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM run_keys) AS keys, (SELECT count(*) FROM journal) AS facts, (SELECT count(*) FROM events) AS events',
      )
    ).rows[0] as unknown;

  it('starts by the workflow or its name, and once per key', async () => {
    const first = await client.start(parcel, { id: 'a' }, { idempotencyKey: 'plain' });
    expect(await client.start('parcel', { id: 'b' }, { idempotencyKey: 'plain' })).toEqual({ runId: first.runId, existing: true });
    await completed('id', first.runId);
    await expect(client.start('parcel', { id: 5 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(client.start('parcle', { id: 'a' })).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
  });

  it('leaves nothing when the transaction rolls back', async () => {
    const before = await traces();
    const work = dataSource.transaction(async (manager) => {
      await client.start(parcel, { id: 'a' }, { idempotencyKey: 'gone', manager });
      await client.emit(shipped, { id: 'a' }, { manager });
      throw new Error('never mind');
    });
    await expect(work).rejects.toThrow('never mind');
    expect(await traces()).toEqual(before);
    expect(await client.start(parcel, { id: 'a' }, { idempotencyKey: 'gone' })).toMatchObject({ existing: false });
  });

  it('lets nobody see a run before the commit, which is the wake-up', async () => {
    const { runId } = await dataSource.transaction(async (manager) => {
      const started = await client.start(parcel, { id: 'b' }, { manager });
      expect(await runsOf('id', started.runId)).toEqual([]);
      return started;
    });
    await completed('id', runId);
  });

  it('emits with the commit', async () => {
    const { eventId } = await dataSource.transaction((manager) => client.emit(shipped, { id: 'b' }, { manager }));
    await completed('cause_event', eventId);
  });

  it('joins the commit of a step', async () => {
    const { runId } = await client.start(ordering, { id: 'c' });
    await completed('id', runId);
    const { rows } = await api.database.pool.query("SELECT key FROM run_keys WHERE key LIKE 'attempt-%'");
    expect(rows).toEqual([{ key: 'attempt-2' }]);
  });

  it.each(['commit', 'rollback'] as const)('makes a second transaction with the same key wait for the first one’s %s', async (end) => {
    const runners = [dataSource.createQueryRunner(), dataSource.createQueryRunner()] as const;
    const [one, two] = runners;
    try {
      for (const runner of runners) await runner.startTransaction();
      const options = { idempotencyKey: `both-${end}` };
      const first = await client.start(parcel, { id: 'd' }, { ...options, manager: one.manager });
      const second = client.start(parcel, { id: 'd' }, { ...options, manager: two.manager });
      await until(
        async () =>
          (await api.database.pool.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%insert-runs%'"))
            .rowCount,
        (waiting) => waiting === 1,
        'The second should wait',
      );
      await (end === 'commit' ? one.commitTransaction() : one.rollbackTransaction());
      const outcome = await second;
      await two.commitTransaction();
      if (end === 'commit') expect(outcome).toEqual({ runId: first.runId, existing: true });
      else expect(outcome.existing).toBe(false);
      await completed('id', outcome.runId);
    } finally {
      for (const runner of runners) await runner.release();
    }
  });

  it.each(['commit', 'rollback'] as const)('keeps no other start waiting while it holds keys, until its %s', async (end) => {
    const holder = dataSource.createQueryRunner();
    // More than a process has connections for starts.
    const keys = Array.from({ length: 10 }, (_, index) => `held-${end}-${index}`);
    try {
      await holder.startTransaction();
      const first = [];
      for (const idempotencyKey of keys) first.push(await client.start(parcel, { id: 'e' }, { idempotencyKey, manager: holder.manager }));
      const waiting = [];
      for (const idempotencyKey of keys) {
        waiting.push(client.start(parcel, { id: 'e' }, { idempotencyKey }), client.start(parcel, { id: 'e' }, { idempotencyKey }));
        const others = [undefined, `beside-${idempotencyKey}`].map((other) =>
          client.start(parcel, { id: 'f' }, other === undefined ? {} : { idempotencyKey: other }),
        );
        expect(await Promise.all(others)).toMatchObject([{ existing: false }, { existing: false }]);
      }
      await (end === 'commit' ? holder.commitTransaction() : holder.rollbackTransaction());
      const outcomes = await Promise.all(waiting);
      if (end === 'commit') expect(outcomes).toEqual(first.flatMap(({ runId }) => Array(2).fill({ runId, existing: true })));
      else expect(outcomes.map(({ existing }) => existing)).toEqual(keys.flatMap(() => [false, true]));
      for (const { runId } of outcomes) await completed('id', runId);
    } finally {
      await holder.release();
    }
  });

  it('refuses a manager that is in no transaction', async () => {
    const { manager } = dataSource;
    await expect(client.start(parcel, { id: 'a' }, { manager })).rejects.toMatchObject({ code: 'TRANSACTION_NEEDED' });
    await expect(client.emit(shipped, { id: 'a' }, { manager })).rejects.toMatchObject({ code: 'TRANSACTION_NEEDED' });
  });

  it('takes only what the workflow and the event declare, when it compiles', () => {
    const never = (): void => {
      // @ts-expect-error -- the input of the workflow has no such field
      void client.start(parcel, { ident: 'a' });
      // @ts-expect-error -- the payload of the event is a text
      void client.emit(shipped, { id: 5 });
    };
    expect(never).toBeInstanceOf(Function);
  });
});
