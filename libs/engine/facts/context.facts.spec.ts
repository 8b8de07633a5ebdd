import { workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

interface Order {
  readonly limit: number;
  readonly note: string;
}
const input = { limit: 1, note: 'old' };
const update = (driver: RunDriver, patch: Partial<Order>) => driver.database.append('context.updated', { patch, by: null, reason: null });

describe('an update of the context', () => {
  it('replaces fields for what begins later: steps, conditions and the next attempt', async () => {
    const driver = RunDriver.of(
      workflow<Order>('order', { version: 1 })
        .then('tries', (ctx) => {
          if (ctx.input.limit === 1) throw new Error('no');
          return ctx.input;
        }, { retry: { attempts: 2, backoff: '1m' } })
        .when((ctx) => ctx.input.limit === 2, (yes) => yes.then('said', (ctx) => ctx.input.note)),
      { input },
    ); // prettier-ignore
    await driver.make('commit');
    update(driver, { limit: 2 });
    await driver.settle();
    expect([driver.state.nodes.get('tries', '')?.output, driver.state.output]).toEqual([{ limit: 2, note: 'old' }, 'old']);
  });

  it('is not seen by an attempt that has begun, also when it is entered again after a crash', async () => {
    const driver = RunDriver.of(
      workflow<Order>('order', { version: 1 })
        .then('asks', ((ctx: { isResumed: boolean; input: Order; suspendFor(ms: number): never }) =>
          ctx.isResumed ? ctx.input.limit : ctx.suspendFor(60_000)) as never)
        .then('next', (ctx) => [ctx.resultOf('asks'), ctx.input.limit]),
      { input },
    ); // prettier-ignore
    await driver.make('commit');
    update(driver, { limit: 2 });
    update(driver, { limit: 3 });
    await driver.make('read the inbox');
    await driver.make('commit');
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toEqual([1, 3]);
  });

  it('is not seen by a step that was handed to another queue before', async () => {
    const driver = RunDriver.of(
      workflow<Order>('order', { version: 1 }).then('asks', (ctx) => ctx.input, { queue: 'slow' }),
      { input, otherQueues: ['slow'] },
    ); // prettier-ignore
    await driver.make('begin asks!1.0');
    update(driver, { limit: 2 });
    await driver.make('read the inbox');
    await driver.settle();
    expect(driver.state.output).toEqual(input);
  });

  it('is not seen by a handler that runs', async () => {
    const driver = RunDriver.of(
      workflow<Order>('order', { version: 1 }).then('reads', (ctx) => ctx.input),
      { input },
    );
    const before = driver.read.at(driver.graph.byId.get('reads') as never, '');
    update(driver, { limit: 2 });
    await driver.make('read the inbox');
    expect(before.input).toEqual(input);
    expect(driver.read.at(driver.graph.byId.get('reads') as never, '').input).toMatchObject({ limit: 2 });
  });

  it('leaves a trace where the input has no fields', async () => {
    const driver = RunDriver.of(
      workflow<Order>('order', { version: 1 }).then('reads', () => 1),
      { input: null },
    );
    update(driver, { limit: 2 });
    await driver.make('read the inbox');
    await driver.settle();
    expect(driver.facts).toContain('message.ignored');
  });
});
