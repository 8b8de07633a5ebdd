import { workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

const begin = () => workflow<{ tier: string; total: number }>('lead', { version: 1 });
const tier = (ctx: { input: { tier: string } }) => ctx.input.tier;
const byTier = () =>
  begin().route(tier, { hot: (flow) => flow.then('call', () => 'called'), warm: (flow) => flow.then('mail', () => 'mailed') });
const bySize = begin().route(
  {
    huge: { when: (ctx) => ctx.input.total > 100, branch: (flow) => flow.then('ask', () => 'asked') },
    large: { when: async (ctx) => Promise.resolve(ctx.input.total > 10), branch: (flow) => flow.then('look', () => 'looked') },
  },
  { otherwise: (flow) => flow.then('pass', () => 'passed') },
);
const endOf = async (flow: Parameters<typeof RunDriver.of>[0], input: { tier: string; total: number }) => {
  const driver = RunDriver.of(flow, { input });
  await driver.settle();
  return driver;
};

describe('a router', () => {
  it('takes the route that is named like the value', async () => {
    expect((await endOf(byTier(), { tier: 'warm', total: 0 })).state.output).toBe('mailed');
  });

  it.each([
    [1_000, 'asked'],
    [50, 'looked'],
    [1, 'passed'],
  ])('takes the first route whose condition holds, or the default: %i is %s', async (total, output) => {
    expect((await endOf(bySize, { tier: '', total })).state.output).toBe(output);
  });

  it('keeps to its choice after a restart, and says it by name', async () => {
    let value = 'hot';
    const flow = begin().route(() => value, { hot: (one) => one.then('call', () => 'called'), cold: (one) => one.wait('1d') });
    const driver = RunDriver.of(flow);
    await driver.make('commit');
    value = 'cold';
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toBe('called');
    expect(driver.database.journal.find(({ type }) => type === 'branch.chosen')?.payload).toEqual({ choice: 0, name: 'hot' });
  });

  it('without a default fails with its own code when nothing fits, as a node does: what is around it goes on', async () => {
    const alone = await endOf(byTier(), { tier: 'cold', total: 0 });
    expect(alone.state).toMatchObject({ status: 'failed', fault: { code: 'ROUTE_UNMATCHED', retryable: false } });
    expect(alone.state.fault?.message).toBe('No route of "route-1" is named "cold", and it has no default. Add the route, or options { otherwise: (branch) => ... }.'); // prettier-ignore
    const collected = begin().parallel({ a: (one) => one.route(tier, { hot: (two) => two.wait('1d') }) }, { mode: 'collect-all' });
    const { state } = await endOf(collected, { tier: 'cold', total: 0 });
    expect(state).toMatchObject({ status: 'completed', output: { a: { status: 'failed', error: { code: 'ROUTE_UNMATCHED' } } } });
  });

  it('asks again when the run that it failed is retried', async () => {
    let value = 'cold';
    const flow = begin().then('first', () => 1).route(() => value, { hot: (one) => one.then('call', () => 'called') }); // prettier-ignore
    const driver = await endOf(flow, { tier: '', total: 0 });
    value = 'hot';
    const retry = driver.retry();
    await retry.settle();
    expect([retry.state.output, [...retry.executions.keys()]]).toEqual(['called', ['route-1/hot/call']]);
  });

  it('fails the run visibly when its value throws', async () => {
    const flow = begin().route((ctx) => ctx.resultOf<string>('nowhere'), { hot: (one) => one.wait('1d') });
    expect((await endOf(flow, { tier: '', total: 0 })).state.fault?.message).toContain('"route-1" could not be evaluated');
  });

  it.each([
    ['a name that no path can have', () => begin().route(({ input }) => input.tier, { 'In progress': (one) => one.wait('1s') }), /let the function return a name/],
    ['a number as the name of a condition', () => begin().route({ 1: { when: () => true, branch: (one) => one.wait('1s') } }), /an id starts with a letter/],
    ['a default among the routes', () => begin().route(({ input }) => input.tier, { otherwise: (one) => one.wait('1s') }), /the default is an option/],
  ])('refuses %s', (_what, build, message) => {
    expect(build).toThrow(message);
  }); // prettier-ignore
});
