import { cancelBy, event, type EventWaitResult, workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

interface Paid {
  readonly orderId: string;
  readonly amount: number;
}
const OrderPaid = event<Paid>('order.paid', { external: true });
const begin = () => workflow<{ orderId: string }>('order', { version: 1 });
const input = { orderId: 'A' };
/** No event comes by itself. */
const silence = { input, sends: false };
const arrival = (id: string, amount: number) => ({ id, name: 'order.paid', payload: { orderId: 'A', amount }, emittedAt: '2026-01-01T00:00:00.000Z', idempotencyKey: null, runId: null }); // prettier-ignore

function waitIdOf(driver: RunDriver, path: string): string {
  return driver.state.nodes.get(path, '')?.waitId ?? '';
}

describe('a wait for an event', () => {
  it('says what must fit, once, and takes what comes', async () => {
    let asked = 0;
    const driver = RunDriver.of(
      begin()
        .waitForEvent(OrderPaid, { id: 'payment', match: (ctx) => ({ orderId: `${ctx.input.orderId}${++asked}` }) })
        .then('amount', (ctx) => ctx.resultOf<EventWaitResult<Paid>>('payment').event?.payload.amount),
      { input },
    );
    await driver.make('commit');
    driver.crash();
    const [wait] = driver.database.waits.values();
    expect(wait).toMatchObject({ event: 'order.paid', match: { orderId: 'A1' }, since: 'lineage', path: 'payment' });
    expect(driver.possible).toEqual(['event order.paid']);
    driver.database.append('event.arrived', { waitId: wait?.id ?? '', event: arrival('e1', 7) });
    await driver.settle();
    expect([driver.state.status, driver.state.output, asked]).toEqual(['completed', 7, 1]);
  });

  it('declines what its predicate declines, also after a crash, and goes on waiting', async () => {
    const driver = RunDriver.of(begin().waitForEvent(OrderPaid, { id: 'payment', where: ({ payload }) => payload.amount > 5 }), silence);
    await driver.make('commit');
    const waitId = waitIdOf(driver, 'payment');
    for (const [id, amount] of [['e1', 1], ['e2', 9], ['e3', 10]] as const) driver.database.append('event.arrived', { waitId, event: arrival(id, amount) }); // prettier-ignore
    await driver.make('read the inbox');
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toMatchObject({ timedOut: false, event: { id: 'e2' } });
  });

  it('leaves an event that another wait of the run has taken', async () => {
    const driver = RunDriver.of(
      begin().parallel({ a: (flow) => flow.waitForEvent(OrderPaid, { id: 'a' }), b: (flow) => flow.waitForEvent(OrderPaid, { id: 'b' }) }),
      silence,
    );
    while (driver.database.waits.size < 2) await driver.moves()[0]?.make();
    const [a, b] = [waitIdOf(driver, 'parallel-1/a/a'), waitIdOf(driver, 'parallel-1/b/b')];
    for (const waitId of [a, b]) driver.database.append('event.arrived', { waitId, event: arrival('e1', 1) });
    driver.database.append('event.arrived', { waitId: b, event: arrival('e2', 2) });
    await driver.settle();
    expect(driver.state.output).toMatchObject({ a: { event: { id: 'e1' } }, b: { event: { id: 'e2' } } });
  });

  it('ends when its time is up', async () => {
    const driver = RunDriver.of(begin().waitForEvent(OrderPaid, { timeout: '1h' }), silence);
    await driver.make('commit');
    await driver.make('let time pass');
    await driver.make('commit');
    expect([driver.now, driver.database.waits.size]).toEqual([3_601_000, 0]);
    await driver.settle();
    expect(driver.state.output).toEqual({ timedOut: true, event: null });
  });

  it.each([
    [() => ['A'] as never, 'give the fields of the payload as an object'],
    [() => ({ orderId: undefined }) as never, 'match.orderId'],
  ])('fails the run when its match is none', async (match, message) => {
    const driver = RunDriver.of(begin().waitForEvent(OrderPaid, { match }), { input });
    await driver.settle();
    expect(driver.state.fault?.message).toContain(message);
  });
});

describe('cancelOn', () => {
  const Canceled = event<{ orderId: string }>('order.canceled', { external: true });
  const flow = () =>
    workflow<{ orderId: string }>('order', { version: 1, cancelOn: [cancelBy(Canceled, ({ orderId }) => ({ orderId }))] }).wait('1h');

  it('listens from the first commit on, and cancels the run with the reason', async () => {
    const driver = RunDriver.of(flow(), { input });
    await driver.make('commit');
    expect([...driver.database.waits.values()]).toMatchObject([{ event: 'order.canceled', match: { orderId: 'A' } }]);
    await driver.make('event order.canceled');
    await driver.settle();
    expect([driver.state.status, driver.state.cancel]).toEqual(['canceled', { reason: 'Event "order.canceled" came.' }]);
    expect(driver.database.waits.size).toBe(0);
  });

  it('holds nothing up', async () => {
    const driver = RunDriver.of(flow(), { input });
    while (!driver.hasEnded) await driver.moves().find(({ name }) => !name.startsWith('event'))?.make(); // prettier-ignore
    expect(driver.state.status).toBe('completed');
  });
});
