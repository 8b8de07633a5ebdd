import { Logger } from '@nestjs/common';
import { type Change, ChangeFeed, compile, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { definitionOf, event, type Hosted, on, RetryAfterError, TerminalError, workflow } from '@stepwell/sdk';
import { claimDeliveries, insertRuns, pgSql, postgresEventStore, uuidV7 } from '@stepwell/storage';
import { IsInt, IsString } from 'class-validator';
import { createTestDatabase, type TestDatabase } from '../../test/postgres/test-database.js';
import { EVENT_ROUTER_DEFAULTS, EventRouter, type EventRouterOptions } from './event-router.js';
import { EventService } from './event-service.js';
import { TriggerRegistry } from './trigger-registry.js';

Logger.overrideLogger(false);

const TENANT = 'acme';

class Told extends WakeUpQueue {
  readonly queues: string[] = [];
  wake(queues: Iterable<string>): void {
    this.queues.push(...queues);
  }
  async listen(): Promise<() => Promise<void>> {
    return async () => undefined;
  }
  async close(): Promise<void> {
    return undefined;
  }
}

class Published extends ChangeFeed {
  readonly changes: Change[] = [];
  publish(changes: Iterable<Change>): void {
    this.changes.push(...changes);
  }
  subscribe(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {
    return undefined;
  }
}

class Order {
  @IsString() id!: string;
  @IsInt() amount!: number;
}

interface Paid {
  id: string;
  amount: number;
}
const OrderPaid = event<Paid>('order.paid', { external: true });
const OrderShipped = event<Paid>('order.shipped', { external: true });

function catalogOf(...hosted: Hosted[]): WorkflowCatalog {
  return new WorkflowCatalog(
    hosted.map((one) => {
      const definition = definitionOf(one);
      return { definition, graph: compile(definition), needs: `${definition.name}@${definition.version}`, processor: undefined };
    }),
  );
}

type Decide = Parameters<typeof on<Paid, Order>>[1];

/** A workflow that starts on paid orders. */
function shipping(
  decide: Decide = ({ payload }) => ({ input: payload }),
  options: { once?: boolean; version?: number; name?: string } = {},
): Hosted {
  const { once = false, version = 1, name = 'shipping' } = options;
  return workflow(name, { input: Order, version, startOn: [on(OrderPaid, decide, { once })] }).then('ship', async () => ({}));
}

describe('the event router', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => database.pool.query('TRUNCATE events, event_deliveries, triggers, runs, run_keys, journal'));

  async function host(hosted: Hosted | readonly Hosted[], options: Partial<EventRouterOptions> = {}) {
    const catalog = catalogOf(...[hosted].flat());
    const [wakeUps, changes] = [new Told(), new Published()];
    await new TriggerRegistry(database.pool, catalog).register(TENANT);
    const router = new EventRouter(postgresEventStore(database.pool), catalog, wakeUps, changes, { ...EVENT_ROUTER_DEFAULTS, ...options });
    const service = new EventService(database.pool, catalog, wakeUps, []);
    const emit = (payload: unknown = { id: 'o1', amount: 5 }, idempotencyKey: string | null = null, name = OrderPaid.name) =>
      service.emit({ tenant: TENANT, name, payload, idempotencyKey, actor: null }).then(({ eventId }) => eventId);
    return { catalog, wakeUps, changes, router, service, emit };
  }

  /** Until nothing is left to do now. */
  async function settle(router: EventRouter): Promise<void> {
    while ((await router.routePending()) + (await router.deliverPending()) > 0);
  }

  /** One batch of each, however long that takes: what is put off for a second is not taken again. */
  async function once(router: EventRouter): Promise<void> {
    await router.routePending();
    await router.deliverPending();
  }

  /** Time passes: what was put off is due. */
  const passTime = () => database.pool.query("UPDATE event_deliveries SET next_attempt_at = clock_timestamp() WHERE status = 'pending'");

  async function runs() {
    const { rows } = await database.pool.query('SELECT r.*, j.payload FROM runs r JOIN journal j ON j.run_id = r.id ORDER BY r.id');
    return rows;
  }

  async function deliveries() {
    const { rows } = await database.pool.query('SELECT * FROM event_deliveries ORDER BY event_id, consumer');
    return rows;
  }

  it('starts a run with the input that the listener makes of the event, and says why the run exists', async () => {
    const { router, emit, service, wakeUps, changes } = await host(
      shipping(({ payload: { id, amount } }) => ({ input: { id, amount: amount + 1 } })),
    );
    const source = uuidV7();
    const id = await emit({ id: 'o1', amount: 5 });
    await database.pool.query('UPDATE events SET source_run = $1', [source]);
    expect(wakeUps.queues).toEqual(['events']);
    expect([await router.routePending(), await router.deliverPending()]).toEqual([1, 1]);
    const [run] = await runs();
    expect(run).toMatchObject({
      tenant: TENANT,
      workflow: 'shipping',
      version: 1,
      status: 'queued',
      started_by: 'event',
      cause_event: id,
      cause_run: source,
      payload: { input: { id: 'o1', amount: 6 } },
    });
    const [view] = (await service.emittedBy(TENANT, [source])).get(source) ?? [];
    expect(view).toMatchObject({
      id,
      name: 'order.paid',
      sourceRun: source,
      deliveries: [{ consumer: 'start:shipping', status: 'started', runId: run.id, attempts: 1, error: null }],
    });
    expect(wakeUps.queues).toEqual(['events', 'default']);
    expect(changes.changes).toEqual([
      { tenant: TENANT, kind: 'run', id: run.id },
      { tenant: TENANT, kind: 'run', id: source },
    ]);
    expect([await router.routePending(), await router.deliverPending()]).toEqual([0, 0]);
  });

  it('gives the event to each workflow that listens, and to none that does not', async () => {
    const other = workflow('other', { version: 1, startOn: [on(OrderShipped, () => ({ input: null }))] }).then('step', async () => ({}));
    const { router, emit } = await host([shipping(undefined, { name: 'ship' }), shipping(undefined, { name: 'bill' }), other]);
    await emit();
    await settle(router);
    expect((await runs()).map((run) => run.workflow).sort()).toEqual(['bill', 'ship']);
  });

  it('records a declined event', async () => {
    const { router, emit } = await host(shipping(() => null));
    await emit();
    await settle(router);
    expect(await deliveries()).toMatchObject([{ status: 'declined', run_id: null, error: null }]);
    expect(await runs()).toEqual([]);
  });

  it('fails a delivery whose input does not fit, naming the fields, and does not try again', async () => {
    const { router, emit } = await host(shipping(({ payload }) => ({ input: { ...payload, amount: 'much' as never, more: 1 } })));
    await emit();
    await settle(router);
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ status: 'failed', attempts: 1, run_id: null });
    expect(delivery.error).toContain('amount: Needs a whole number');
    expect(delivery.error).toContain('more: There is no such field');
  });

  it('fails a delivery whose input is not JSON', async () => {
    const loose = workflow('loose', { version: 1, startOn: [on(OrderPaid, () => ({ input: { at: new Date(0) } }))] }).then(
      'step',
      async () => ({}),
    );
    const { router, emit } = await host(loose);
    await emit();
    await settle(router);
    expect((await deliveries())[0].error).toContain('at $.at, a Date instance');
  });

  it('asks a listener that throws again after a growing pause, and starts one run when it recovers', async () => {
    let asked = 0;
    const { router, emit } = await host(
      shipping(({ payload }) => {
        if (++asked < 4) throw new Error(`not yet: ${asked}`);
        return { input: payload };
      }),
    );
    await emit();
    const now = async () => (await database.pool.query<{ at: Date }>('SELECT clock_timestamp() AS at')).rows[0]?.at.getTime() ?? NaN;
    for (const [before, pauseMs] of [1_000, 2_000, 4_000].entries()) {
      const asking = await now();
      await once(router);
      const answered = await now();
      const [delivery] = await deliveries();
      expect(delivery).toMatchObject({ status: 'pending', attempts: before + 1, error: `Error: not yet: ${before + 1}` });
      expect(delivery.next_attempt_at.getTime()).toBeGreaterThanOrEqual(asking + pauseMs);
      expect(delivery.next_attempt_at.getTime()).toBeLessThanOrEqual(answered + pauseMs);
      await passTime();
    }
    await settle(router);
    expect(await deliveries()).toMatchObject([{ status: 'started', attempts: 4, error: null }]);
    expect(await runs()).toHaveLength(1);
  });

  it('gives up after five attempts, and shows the error', async () => {
    let asked = 0;
    const { router, emit } = await host(
      shipping(() => {
        asked++;
        throw new Error('never \0');
      }),
    );
    await emit();
    for (let round = 0; round < 8; round++) {
      await settle(router);
      await passTime();
    }
    expect(asked).toBe(5);
    expect(await deliveries()).toMatchObject([{ status: 'failed', attempts: 5, error: 'Error: never �' }]);
  });

  it('gives up at once on a terminal error, and waits as long as it is asked to', async () => {
    const fails = shipping(
      () => {
        throw new TerminalError('no such customer');
      },
      { name: 'fails' },
    );
    const slow = shipping(
      () => {
        throw new RetryAfterError('slow down', 60_000);
      },
      { name: 'slow' },
    );
    const { router, emit } = await host([fails, slow]);
    await emit();
    await settle(router);
    expect(await deliveries()).toMatchObject([
      { status: 'failed', attempts: 1, error: 'TerminalError: no such customer' },
      { status: 'pending', attempts: 1 },
    ]);
    expect(router.takeSoonestRetry()).toBe(60_000);
    expect(router.takeSoonestRetry()).toBeUndefined();
  });

  it.each([NaN, Infinity, Number.MAX_SAFE_INTEGER])('lets one that asks for a pause of %d harm no other', async (afterMs) => {
    const { router, emit } = await host(
      shipping(({ payload }) => {
        if (payload.id === 'odd') throw new RetryAfterError('slow down', afterMs);
        return { input: payload };
      }),
    );
    for (const id of ['odd', 'o2', 'o3']) await emit({ id, amount: 1 });
    await once(router);
    expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 1 }, { status: 'started' }, { status: 'started' }]);
    const [odd] = (await deliveries()) as [{ next_attempt_at: Date }];
    expect(new Date(odd.next_attempt_at).getUTCFullYear()).toBeLessThanOrEqual(new Date().getUTCFullYear() + 100);
  });

  it('counts a listener that does not answer as a failed attempt', async () => {
    const { router, emit } = await host(
      shipping(() => new Promise<never>(() => undefined)),
      { timeoutMs: 20 },
    );
    await emit();
    await once(router);
    expect(await deliveries()).toMatchObject([
      { status: 'pending', attempts: 1, error: 'Error: The listener did not answer within 20 ms.' },
    ]);
  });

  it('starts two runs for two events with one idempotency key', async () => {
    const { router, emit } = await host(shipping());
    const ids = [await emit(undefined, 'k'), await emit(undefined, 'k')];
    await settle(router);
    expect(new Set(ids).size).toBe(2);
    expect((await runs()).map((run) => run.cause_event).sort()).toEqual(ids.sort());
  });

  it('takes only the first event of a key where the listener says once, within a batch and across', async () => {
    const { router, emit } = await host(shipping(undefined, { once: true }));
    const first = await emit({ id: 'a', amount: 1 }, 'k');
    await emit({ id: 'b', amount: 2 }, 'k');
    await settle(router);
    await emit({ id: 'c', amount: 3 }, 'k');
    await emit({ id: 'd', amount: 4 });
    await emit({ id: 'e', amount: 5 });
    await settle(router);
    const all = await runs();
    expect(all.map((run) => run.payload.input.id)).toEqual(['a', 'd', 'e']);
    expect(await deliveries()).toMatchObject([
      { event_id: first, status: 'started' },
      { status: 'duplicate', run_id: all[0].id },
      { status: 'duplicate', run_id: all[0].id },
      { status: 'started' },
      { status: 'started' },
    ]);
  });

  it('starts one run per key of the decision, whoever used the key first', async () => {
    const { router, emit } = await host(shipping(({ payload }) => ({ input: payload, idempotencyKey: `order-${payload.id}` })));
    const byHand = uuidV7();
    await insertRuns(pgSql(database.pool), [
      {
        tenant: TENANT,
        id: byHand,
        workflow: 'shipping',
        version: 1,
        queue: 'default',
        worker: null,
        startedBy: 'api',
        actor: null,
        causeEvent: null,
        causeRun: null,
        key: 'order-a',
        input: '{}',
        priority: 0,
        permitKey: null,
      },
    ]);
    for (const id of ['a', 'b', 'b']) await emit({ id, amount: 1 });
    await settle(router);
    const all = await runs();
    expect(all).toHaveLength(2);
    expect(await deliveries()).toMatchObject([
      { status: 'duplicate', run_id: byHand },
      { status: 'started', run_id: all[1].id },
      { status: 'duplicate', run_id: all[1].id },
    ]);
  });

  it.each(['reserve', 'decide'] as const)('starts the others while a transaction holds the key that one would %s', async (how) => {
    const decide: Decide = ({ payload, idempotencyKey }) => ({
      input: payload,
      ...(how === 'decide' && { idempotencyKey: idempotencyKey ?? '' }),
    });
    const { router, emit } = await host(shipping(decide, { once: how === 'reserve' }));
    const holder = await database.pool.connect();
    await holder.query('BEGIN');
    await holder.query('INSERT INTO run_keys (tenant, workflow, key, run_id) VALUES ($1, $2, $3, $4)', [
      ...[TENANT, 'shipping', how === 'reserve' ? 'event:order.paid:k1' : 'k1', uuidV7()],
    ]);
    for (const index of [0, 1, 2]) await emit({ id: `o${index}`, amount: index }, `k${index}`);
    await settle(router);
    expect((await runs()).map(({ payload }) => payload.input.id).sort()).toEqual(['o0', 'o2']);
    expect(await deliveries()).toMatchObject([{ status: 'started' }, { status: 'pending', attempts: 0 }, { status: 'started' }]);

    await holder.query('ROLLBACK');
    holder.release();
    await passTime();
    await settle(router);
    expect((await runs()).map(({ payload }) => payload.input.id).sort()).toEqual(['o0', 'o1', 'o2']);
  });

  it('keeps both promises where a listener says once and its decision has a key', async () => {
    const { router, emit } = await host(shipping(({ payload }) => ({ input: payload, idempotencyKey: payload.id }), { once: true }));
    await emit({ id: 'a', amount: 1 }, 'k1');
    await emit({ id: 'a', amount: 2 }, 'k2');
    await emit({ id: 'b', amount: 3 }, 'k2');
    await settle(router);
    await emit({ id: 'c', amount: 4 }, 'k2');
    await settle(router);
    const all = await runs();
    expect(all.map((run) => run.payload.input.amount)).toEqual([1]);
    expect((await deliveries()).map(({ status, run_id }) => [status, run_id])).toEqual([
      ['started', all[0].id],
      ...Array(3).fill(['duplicate', all[0].id]),
    ]);
  });

  it('holds no transaction while a listener thinks', async () => {
    let open: unknown;
    const { router, emit } = await host(
      shipping(async ({ payload }) => {
        const { rows } = await database.pool.query(
          `SELECT count(*)::int AS open FROM pg_stat_activity
           WHERE datname = current_database() AND backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`,
        );
        open = rows[0].open;
        return { input: payload };
      }),
    );
    await emit();
    await settle(router);
    expect(open).toBe(0);
    expect(await runs()).toHaveLength(1);
  });

  it('starts one run per event when several processes route and deliver at the same time', async () => {
    const { router, catalog } = await host(shipping());
    await database.pool.query(
      `INSERT INTO events (tenant, id, name, payload) SELECT $1, uuidv7(), 'order.paid', jsonb_build_object('id', n::text, 'amount', n) FROM generate_series(1, 3000) n`,
      [TENANT],
    );
    const others = [1, 2, 3].map(() => new EventRouter(postgresEventStore(database.pool), catalog, new Told(), new Published()));
    await Promise.all([router, ...others].map(settle));
    const { rows } = await database.pool.query('SELECT count(*)::int AS runs, count(DISTINCT cause_event)::int AS events FROM runs');
    expect(rows).toEqual([{ runs: 3000, events: 3000 }]);
    const states = await database.pool.query('SELECT status, count(*)::int FROM event_deliveries GROUP BY status');
    expect(states.rows).toEqual([{ status: 'started', count: 3000 }]);
  });

  it('takes over a delivery whose worker died, and lets one of two win when the worker was only slow', async () => {
    let asked = 0;
    let answer: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    let isAsked: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (isAsked = resolve));
    const { router, emit, catalog } = await host(
      shipping(async ({ payload }) => {
        if (++asked === 1) {
          isAsked();
          await slow;
        }
        return { input: payload };
      }),
    );
    await emit();
    await router.routePending();
    // One claims it and dies.
    expect(await claimDeliveries(pgSql(database.pool), [{ workflow: 'shipping', event: 'order.paid' }], 30_000)).toHaveLength(1);
    expect(await router.deliverPending()).toBe(0);
    await passTime();
    // The next is slow; its time runs out, and a third is asked.
    const first = router.deliverPending();
    await beginning;
    await passTime();
    const other = new EventRouter(postgresEventStore(database.pool), catalog, new Told(), new Published());
    expect(await other.deliverPending()).toBe(1);
    answer();
    await first;
    expect(asked).toBe(2);
    const all = await runs();
    expect(all).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ status: 'started', run_id: all[0].id, attempts: 1 }]);
  });

  it('leaves deliveries to those whose code knows the listener', async () => {
    const { emit } = await host(shipping());
    await emit();
    const stranger = await host(workflow('stranger', { version: 1 }).then('step', async () => ({})));
    expect(await stranger.router.routePending()).toBe(1);
    expect(await stranger.router.deliverPending()).toBe(0);
    // A newer version that listens to something else only.
    const newer = workflow('shipping', { version: 2, startOn: [on(OrderShipped, () => null)] }).then('ship', async () => ({}));
    expect(await new EventRouter(postgresEventStore(database.pool), catalogOf(newer), new Told(), new Published()).deliverPending()).toBe(
      0,
    );
    expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });

  it('lets one start that the database cannot store harm no other', async () => {
    const long = Array.from({ length: 2_000 }, (_, index) => `${index}-${Math.sin(index)}`).join();
    const { router, emit } = await host(
      shipping(({ payload }) => ({ input: payload, idempotencyKey: payload.id === '7' ? long : payload.id })),
    );
    for (let index = 0; index < 10; index++) await emit({ id: String(index), amount: index });
    await settle(router);
    expect(await runs()).toHaveLength(9);
    const failed = (await deliveries()).filter(({ status }) => status !== 'started');
    expect(failed).toMatchObject([{ status: 'failed', error: expect.stringContaining('The database cannot store the run: index row') }]);
  });

  it('refuses an event that nobody knows, and a payload that is not JSON', async () => {
    const { emit, service } = await host(shipping());
    await expect(emit({}, null, 'order.lost')).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
    await expect(emit({ at: new Date(0) })).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: '$.at' }] });
    await expect(emit({}, 'a\0b')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    // Known in the installation, although not to the code of this process.
    await database.pool.query("INSERT INTO triggers (tenant, event, workflow, version) VALUES ($1, 'order.lost', 'elsewhere', 1)", [
      TENANT,
    ]);
    await emit({}, null, 'order.lost');
    await expect(
      service.emit({ tenant: 'other', name: 'order.lost', payload: {}, idempotencyKey: null, actor: null }),
    ).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
    expect((await database.pool.query('SELECT 1 FROM events')).rowCount).toBe(1);
  });

  it('keeps tenants apart', async () => {
    const { router, emit, service } = await host(shipping());
    const id = await emit();
    await database.pool.query("INSERT INTO events (tenant, id, name, payload) VALUES ('other', uuidv7(), 'order.paid', '{}')");
    await settle(router);
    expect((await runs()).map((run) => run.tenant)).toEqual([TENANT]);
    expect((await service.find('other', [id])).size).toBe(0);
    expect((await service.find(TENANT, [id])).get(id)?.deliveries).toHaveLength(1);
  });
});

describe('the trigger registry', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => database.pool.query('TRUNCATE triggers'));

  const start = (version: number, ...events: ReturnType<typeof event>[]) => {
    const flow = workflow('shipping', { version, startOn: events.map((one) => on(one, () => null)) }).then('ship', async () => ({}));
    return new TriggerRegistry(database.pool, catalogOf(flow)).register(TENANT);
  };
  const active = async () => {
    const { rows } = await database.pool.query('SELECT event, version FROM triggers WHERE active ORDER BY event');
    return rows.map(({ event: name, version }) => `${name}@${version}`);
  };

  it('turns off what the code no longer listens to, and only that', async () => {
    await start(1, OrderPaid, OrderShipped);
    await database.pool.query(
      "INSERT INTO triggers (tenant, event, workflow, version) VALUES ($1, 'order.paid', 'elsewhere', 1), ('other', 'order.paid', 'shipping', 1)",
      [TENANT],
    );
    await start(1, OrderShipped);
    expect(await active()).toEqual(['order.paid@1', 'order.paid@1', 'order.shipped@1']);
    const { rows } = await database.pool.query('SELECT tenant, workflow FROM triggers WHERE NOT active');
    expect(rows).toEqual([{ tenant: TENANT, workflow: 'shipping' }]);
  });

  it('loses no listener in a rolling deploy, whichever version starts last', async () => {
    await start(1, OrderPaid);
    await start(2, OrderPaid, OrderShipped);
    await start(1, OrderPaid);
    expect(await active()).toEqual(['order.paid@2', 'order.shipped@2']);
    await start(3, OrderShipped);
    expect(await active()).toEqual(['order.shipped@3']);
    // Back to version 1 for good: it listens again.
    await start(1, OrderPaid);
    expect(await active()).toEqual(['order.paid@1', 'order.shipped@3']);
  });

  it('copes with processes that start together', async () => {
    await Promise.all(
      Array.from({ length: 6 }, (_, index) => start(1, ...(index % 2 ? [OrderPaid, OrderShipped] : [OrderShipped, OrderPaid]))),
    );
    expect(await active()).toEqual(['order.paid@1', 'order.shipped@1']);
  });

  it('refuses a workflow that listens twice to one event', async () => {
    await expect(start(1, OrderPaid, OrderPaid)).rejects.toThrow('Workflow "shipping", startOn: it listens to "order.paid" twice');
  });
});
