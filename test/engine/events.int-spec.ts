/** Runs that wait for events, and events that cancel runs: router, inbox, activation and flush together, on the real database. */
import { type Change, ChangeFeed } from '@stepwell/engine';
import { RunStatus } from '@stepwell/contracts';
import { EventLoop, EventRouter, EventService, TriggerRegistry } from '@stepwell/events';
import { cancelBy, event, type EventWaitResult, workflow } from '@stepwell/sdk';
import { postgresEventStore } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';

interface Paid {
  readonly orderId: string;
  readonly amount: number;
}
interface Order {
  readonly orderId: string;
}
const OrderPaid = event<Paid>('order.paid', { external: true });
const OrderCanceled = event<Order>('order.canceled', { external: true });
const amountOf = (result: EventWaitResult<Paid>) => (result.timedOut ? 'timed out' : result.event.payload.amount);

const paid = workflow<Order>('paid', { version: 1 })
  .waitForEvent(OrderPaid, { id: 'payment', match: (ctx) => ({ orderId: ctx.input.orderId }) })
  .then('amount', (ctx) => amountOf(ctx.resultOf('payment')));

const twice = workflow<Order>('twice', { version: 1 }).parallel({
  one: (flow) => flow.waitForEvent(OrderPaid, { id: 'one-payment', match: (ctx) => ({ orderId: ctx.input.orderId }) }),
  two: (flow) => flow.waitForEvent(OrderPaid, { id: 'two-payment', match: (ctx) => ({ orderId: ctx.input.orderId }) }),
});

const enough = workflow<Order>('enough', { version: 1 })
  .waitForEvent(OrderPaid, { id: 'payment', where: ({ payload }, ctx) => payload.orderId === ctx.input.orderId && payload.amount >= 100 })
  .then('amount', (ctx) => amountOf(ctx.resultOf('payment')));

const gates = new Map<string, () => void>();
const late = workflow<Order & { readonly since: 'start' | 'registration' }>('late', { version: 1 })
  .then('before', (ctx) => new Promise((resolve) => gates.set(ctx.runId, () => resolve(null))))
  .when(
    (ctx) => ctx.input.since === 'start',
    (yes) => yes.waitForEvent(OrderPaid, { id: 'kept', match: (ctx) => ({ orderId: ctx.input.orderId }) }),
  )
  .otherwise((no) => no.waitForEvent(OrderPaid, { id: 'fresh', match: (ctx) => ({ orderId: ctx.input.orderId }), since: 'registration' }));

const hurried = workflow<Order>('hurried', { version: 1 })
  .waitForEvent(OrderPaid, { id: 'payment', match: (ctx) => ({ orderId: ctx.input.orderId }), timeout: '30ms' })
  .then('amount', (ctx) => amountOf(ctx.resultOf('payment')));

const cancelable = workflow<Order>('cancelable', {
  version: 1,
  cancelOn: [cancelBy(OrderCanceled, (input) => ({ orderId: input.orderId }))],
}).wait('30d');

class NoFeed extends ChangeFeed {
  publish(_changes: Iterable<Change>): void {}
  subscribe(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {}
}

describe('events on runs', () => {
  let engine: Engine;
  let events: EventService;
  let loop: EventLoop;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [paid, twice, enough, late, hurried, cancelable] });
    loop = new EventLoop(new EventRouter(postgresEventStore(engine.pool), engine.catalog, engine.hints, new NoFeed()), engine.hints);
    events = new EventService(engine.pool, engine.catalog, engine.hints, []);
    await new TriggerRegistry(engine.pool, engine.catalog).register(TENANT);
    await loop.start();
  });
  afterAll(async () => {
    await loop.stop();
    await engine.close();
  });

  const emit = async (name: string, payload: unknown) =>
    (await events.emit({ tenant: TENANT, name, payload: payload, idempotencyKey: null, actor: null })).eventId;
  const deliveries = (eventId: string) =>
    engine.query<{ status: string; run_id: string }>('SELECT status, run_id FROM event_deliveries WHERE event_id = $1 ORDER BY run_id', [
      eventId,
    ]);
  const waits = (runId: string) =>
    engine.query<{ looked_up: boolean }>('SELECT looked_up FROM event_waits WHERE run_id = $1 ORDER BY id', [runId]);
  const listening = (runId: string, count = 1) =>
    until(
      () => waits(runId),
      (rows) => rows.length === count && rows.every((row) => row.looked_up),
      'The run should listen',
    );
  const finished = async (runId: string, status: RunStatus = RunStatus.completed) => {
    await engine.waitFor(runId, status);
    return engine.output(runId);
  };

  it('wake those whose match they fit, each once; one event may serve many', async () => {
    const [first, second, other] = [
      await engine.start('paid', { orderId: 'A' }),
      await engine.start('paid', { orderId: 'A' }),
      await engine.start('paid', { orderId: 'B' }),
    ];
    for (const runId of [first, second, other]) await listening(runId);
    expect(await engine.row(first)).toMatchObject({ status: 'waiting', wait_reasons: ['event'] });
    const eventId = await emit('order.paid', { orderId: 'A', amount: 7 });
    expect([await finished(first), await finished(second)]).toEqual([7, 7]);
    expect((await engine.row(other)).status).toBe('waiting');
    expect(await deliveries(eventId)).toEqual([
      { status: 'woke', run_id: first },
      { status: 'woke', run_id: second },
    ]);
    expect([await waits(first), (await waits(other)).length]).toEqual([[], 1]);
    await emit('order.paid', { orderId: 'B', amount: 8 });
    expect(await finished(other)).toBe(8);
  });

  it.each([
    ['a list', ['orderId']],
    ['a text', 'orderId'],
    ['nothing', null],
    ['another type', { orderId: 7, amount: 1 }],
    ['a field less', { amount: 1 }],
  ])('do not fit with %s for a payload', async (_what, payload) => {
    const runId = await engine.start('paid', { orderId: '7' });
    await listening(runId);
    const eventId = await emit('order.paid', payload);
    await until(
      () => engine.query<{ routed: boolean }>('SELECT routed FROM events WHERE id = $1', [eventId]),
      ([row]) => row?.routed === true,
      'The event should be routed',
    );
    expect(await deliveries(eventId)).toEqual([]);
    await emit('order.paid', { orderId: '7', amount: 3 });
    expect(await finished(runId)).toBe(3);
  });

  it('that came before their wait are kept since the start of the run, the oldest first', async () => {
    await emit('order.paid', { orderId: 'early', amount: 0 });
    const runId = await engine.start('late', { orderId: 'early', since: 'start' });
    await until(
      () => gates.has(runId),
      (there) => there,
      'The step should run',
    );
    await emit('order.paid', { orderId: 'early', amount: 1 });
    await emit('order.paid', { orderId: 'early', amount: 2 });
    gates.get(runId)?.();
    expect(await finished(runId)).toMatchObject({ timedOut: false, event: { payload: { amount: 1 } } });
  });

  it('that came before their wait do not count since its registration', async () => {
    const runId = await engine.start('late', { orderId: 'fresh', since: 'registration' });
    await until(
      () => gates.has(runId),
      (there) => there,
      'The step should run',
    );
    await emit('order.paid', { orderId: 'fresh', amount: 1 });
    gates.get(runId)?.();
    await listening(runId);
    expect((await engine.row(runId)).status).toBe('waiting');
    await emit('order.paid', { orderId: 'fresh', amount: 2 });
    expect(await finished(runId)).toMatchObject({ event: { payload: { amount: 2 } } });
  });

  it('serve one wait of a run each', async () => {
    const runId = await engine.start('twice', { orderId: 'T' });
    await listening(runId, 2);
    await emit('order.paid', { orderId: 'T', amount: 1 });
    await listening(runId, 1);
    await engine.waitFor(runId, RunStatus.waiting);
    await emit('order.paid', { orderId: 'T', amount: 2 });
    const { one, two } = (await finished(runId)) as Record<'one' | 'two', EventWaitResult<Paid>>;
    expect([amountOf(one), amountOf(two)].sort()).toEqual([1, 2]);
  });

  it('are offered to the predicate of a wait, which may decline them', async () => {
    const runId = await engine.start('enough', { orderId: 'E' });
    await listening(runId);
    const small = await emit('order.paid', { orderId: 'E', amount: 99 });
    await until(
      () => deliveries(small),
      (rows) => rows.some(({ status }) => status === 'declined'),
      'The small payment should be declined',
    );
    await emit('order.paid', { orderId: 'E', amount: 100 });
    expect(await finished(runId)).toBe(100);
    expect((await engine.types(runId)).filter((type) => type.startsWith('event'))).toEqual([
      'event-wait.started',
      'event.arrived',
      'event.declined',
      'event.arrived',
      'event.consumed',
    ]);
  });

  it('that do not come in time leave a wait that says so', async () => {
    const runId = await engine.start('hurried', { orderId: 'H' });
    expect(await finished(runId)).toBe('timed out');
    expect(await waits(runId)).toEqual([]);
  });

  it('find their run also when its worker has gone', async () => {
    const runId = await engine.start('paid', { orderId: 'crash' });
    await listening(runId);
    await engine.worker.stop();
    await emit('order.paid', { orderId: 'crash', amount: 5 });
    await until(
      () => engine.row(runId),
      ({ status }) => status === 'queued',
      'The run should be queued',
    );
    await engine.spawn();
    expect(await finished(runId)).toBe(5);
  });

  it('cancel the live runs that they fit, and no others', async () => {
    const [mine, other] = [await engine.start('cancelable', { orderId: 'C' }), await engine.start('cancelable', { orderId: 'D' })];
    for (const runId of [mine, other]) await listening(runId);
    const eventId = await emit('order.canceled', { orderId: 'C' });
    await engine.waitFor(mine, RunStatus.canceled);
    expect(await deliveries(eventId)).toEqual([{ status: 'canceled', run_id: mine }]);
    expect((await engine.row(other)).status).toBe('waiting');
    expect(await waits(mine)).toEqual([]);
    const request = (await engine.facts(mine)).find(({ type }) => type === 'cancel.requested');
    expect(request?.payload).toMatchObject({ reason: 'Event "order.canceled" came.', eventId });
  });

  it('are told to nobody twice, and to no run that has ended', async () => {
    const { rows } = await engine.pool.query(
      `SELECT run_id, count(*)::int AS taken FROM journal WHERE type = 'event.consumed' GROUP BY run_id, payload ->> 'eventId' HAVING count(*) > 1`,
    );
    expect(rows).toEqual([]);
    expect(await engine.query('SELECT 1 FROM inbox i JOIN runs r ON r.id = i.run_id WHERE r.ended_at IS NOT NULL')).toEqual([]);
  });
});
