import { type Flow, type ReadContext, workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

const begin = () => workflow<{ photos: string[] }>('order', { version: 1 });
const input = { photos: ['a', 'b', 'c'] };
const photos = (ctx: ReadContext<{ photos: string[] }>) => ctx.input.photos;
const named = (flow: Flow<{ photos: string[] }>, itemOf: (ctx: ReadContext) => string) =>
  flow.then('name', (ctx) => `${ctx.index}:${itemOf(ctx)}`);

describe('for-each', () => {
  it('goes one after the other, and gives what each came to in the order of the list', async () => {
    const driver = RunDriver.of(begin().forEach(photos, named), { input });
    expect(driver.possible).toEqual(['evaluate for-each-1?list']);
    await driver.make('commit');
    expect(driver.possible).toEqual(['begin for-each-1/each/name#0!1.0']);
    await driver.settle();
    expect(driver.state.output).toEqual(['0:a', '1:b', '2:c']);
    expect(driver.facts).toEqual(['run.started', 'items.listed', ...Array<string>(3).fill('step.completed'), 'run.ended']);
  });

  it('keeps to its cap, the first items first', async () => {
    const driver = RunDriver.of(begin().forEach(photos, named, { concurrency: 2 }), { input });
    await driver.make('commit');
    expect(driver.possible).toEqual(['begin for-each-1/each/name#0!1.0', 'begin for-each-1/each/name#1!1.0']);
    await driver.make('begin for-each-1/each/name#0!1.0');
    await driver.make('begin for-each-1/each/name#1!1.0');
    await driver.make('finish for-each-1/each/name#1!1.0');
    await driver.make('commit');
    expect(driver.possible).toContain('begin for-each-1/each/name#2!1.0');
    await driver.settle();
    expect(driver.state.output).toEqual(['0:a', '1:b', '2:c']);
  });

  it('asks for its list once: what changes later changes nothing', async () => {
    let list = ['a', 'b'];
    const driver = RunDriver.of(workflow<unknown>('order', { version: 1 }).forEach(() => list, (each) => each.then('name', (ctx) => ctx.item))); // prettier-ignore
    await driver.make('commit');
    list = ['x'];
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toEqual(['a', 'b']);
  });

  it('of an empty list is an empty array', async () => {
    const driver = RunDriver.of(begin().forEach(photos, named), { input: { photos: [] } });
    await driver.settle();
    expect([driver.state.status, driver.state.output]).toEqual(['completed', []]);
  });

  it('reads the items of the loops around it, the innermost as ctx.item', async () => {
    const flow = workflow<unknown>('order', { version: 1 }).forEach(
      () => ['x', 'y'],
      (outer, letterOf) =>
        outer.forEach((ctx) => [`${letterOf(ctx)}1`, `${letterOf(ctx)}2`], (inner) =>
          inner.then('seen', (ctx) => [letterOf(ctx), ctx.item, ctx.index])), // prettier-ignore
    );
    const driver = RunDriver.of(flow);
    await driver.settle();
    expect(driver.state.output).toEqual([
      [['x', 'x1', 0], ['x', 'x2', 1]],
      [['y', 'y1', 0], ['y', 'y2', 1]],
    ]); // prettier-ignore
  });

  it('cancels the other items when one fails, and fails with its fault', async () => {
    const flow = begin().forEach(photos, (each) => each.parallel({ ask: (one) => one.wait('1h'), go: (one) => one.then('go', (ctx) => explode(ctx.item)) }), { concurrency: 3 }); // prettier-ignore
    const driver = RunDriver.of(flow, { input });
    await driver.settle();
    expect(driver.state.fault).toMatchObject({ message: 'b is broken' });
    expect(driver.now).toBeLessThan(60_000);
  });

  it.each([
    ['no array', () => 'abc' as never, /its list must be an array/],
    ['not JSON', () => [new Date()], /items\[0\]/],
  ])('of what is %s fails the run, and says so', async (_what, items, message) => {
    const driver = RunDriver.of(workflow<unknown>('order', { version: 1 }).forEach<unknown>(items, (each) => each.wait('1m')));
    await driver.settle();
    expect(driver.state.fault?.message).toMatch(message);
  });

  it('has an item only inside', async () => {
    const flow = workflow<unknown>('order', { version: 1 }).forEach(() => [1], (each) => each.wait('1m'), { id: 'loop' }); // prettier-ignore
    const driver = RunDriver.of(flow.then('after', (ctx) => ctx.item));
    await driver.settle();
    expect(driver.state.fault?.message).toContain('ctx.item is read by a node that stands outside of that loop');
    const other = RunDriver.of(workflow<unknown>('order', { version: 1 }).forEach(() => [1], (each) => each.wait('1m'), { id: 'loop' }).then('after', (ctx) => ctx.itemOf('loop'))); // prettier-ignore
    await other.settle();
    expect(other.state.fault?.message).toContain('itemOf("loop")');
  });

  it('refuses a cap below one', () => {
    expect(() => begin().forEach(photos, named, { concurrency: 0 })).toThrow(/concurrency is a whole number/);
  });
});

function explode(item: unknown): string {
  if (item === 'b') throw new Error(`${item} is broken`);
  return String(item);
}
