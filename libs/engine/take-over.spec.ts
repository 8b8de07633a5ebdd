import { cancelBy, event, workflow } from '@stepwell/sdk';
import { takeOver } from './take-over.js';
import { timeline } from './timeline/timeline.js';
import { type DriverStepContext, RunDriver } from './testing/run-driver.js';

const begin = () => workflow<unknown>('order', { version: 1 });
const breaks = ((ctx: DriverStepContext) => {
  if (ctx.generation === 0) throw new Error('no');
  return 'mended';
}) as never;

const ended = async (flow: Parameters<typeof RunDriver.of>[0], options: Parameters<typeof RunDriver.of>[1] = {}) => {
  const driver = RunDriver.of(flow, options);
  await driver.settle();
  return driver;
};
const retried = async (driver: RunDriver) => {
  const retry = driver.retry();
  await retry.settle();
  return retry;
};

describe('the retry of an ended run', () => {
  it('begins with what had been done, and goes on at the step that failed', async () => {
    const retry = await retried(
      await ended(
        begin()
          .then('a', () => 1)
          .then('b', breaks)
          .then('c', () => 3),
      ),
    );
    expect(retry.facts).toEqual(['run.started', 'step.completed', 'attempt.failed', 'retry.started', 'step.completed', 'step.completed', 'run.ended']); // prettier-ignore
    expect([...retry.executions.keys()]).toEqual(['b', 'c']);
    expect(retry.state).toMatchObject({ status: 'completed', output: 3, fault: undefined });
  });

  it('shows what it has taken over as such, and what begins anew without its past', async () => {
    const flow = begin().parallel({ one: (one) => one.then('a', () => 1), two: (two) => two.then('b', breaks) });
    const retry = await retried(await ended(flow));
    const steps = timeline({ facts: retry.database.journal, graph: retry.graph, status: 'completed', now: retry.now });
    expect(steps.map(({ nodeId, status, isTakenOver, attempts }) => [nodeId, status, isTakenOver, attempts.length])).toEqual([
      ['parallel-1', 'completed', false, 0],
      ['a', 'completed', true, 1],
      ['b', 'completed', false, 1],
    ]);
  });

  it('opens again what the failure of another branch had closed', async () => {
    const flow = begin().parallel({ failing: (one) => one.then('a', breaks), open: (two) => two.wait('1m').then('b', () => 2) });
    const failed = await ended(flow);
    expect(failed.executions.has('b')).toBe(false);
    expect((await retried(failed)).state.output).toEqual({ failing: 'mended', open: 2 });
  });

  it('goes over the list as it was, and its finished items stay', async () => {
    let asked = 0;
    const flow = begin().forEach(() => (asked++, ['x', 'y']), (one) => one.then('each', ((ctx: DriverStepContext) => (ctx.index === 1 ? (breaks as (of: DriverStepContext) => string)(ctx) : ctx.item)) as never)); // prettier-ignore
    const retry = await retried(await ended(flow));
    expect(retry.state.output).toEqual(['x', 'mended']);
    expect([asked, [...retry.executions.keys()]]).toEqual([1, ['for-each-1/each/each#1']]);
  });

  it('leaves alone what a race has closed that was still being left, but for what is to be left', async () => {
    const driver = RunDriver.of(
      begin().race({
        quick: (flow) => flow.wait('1m'),
        slow: (flow) =>
          flow.parallel({
            open: (one) => one.waitForEvent(event<object>('paid', { external: true }), { id: 'paid' }),
            held: (two) => two.cancellationScope((inner) => inner.wait('1h', { id: 'held' })),
          }),
      }),
      { sends: false },
    );
    while (!driver.facts.includes('race.won')) {
      const moves = driver.moves();
      await (moves.find(({ name }) => name !== 'let time pass') ?? moves[0])?.make();
    }
    driver.database.append('cancel.requested', { reason: null, by: null, isForced: true });
    await driver.make('read the inbox');
    while (!driver.hasEnded) await driver.make('commit');
    const { reopened } = takeOver(driver.graph, driver.database.journal).begun;
    expect(reopened.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))).toEqual(['held']);
  });

  it('leaves a failure alone that has become an output', async () => {
    const flow = begin()
      .parallel(
        {
          bad: (one) =>
            one.then('a', () => {
              throw new Error('always');
            }),
          good: (two) => two.then('b', () => 2),
        },
        { mode: 'collect-all' },
      ) // prettier-ignore
      .then('c', breaks);
    const retry = await retried(await ended(flow));
    expect([...retry.executions.keys()]).toEqual(['c']);
  });

  it('asks anew where author code could not be evaluated', async () => {
    let broken = true;
    const flow = begin().emit(event<number>('e'), () => { if (broken) throw new Error('no'); return 1; }); // prettier-ignore
    const failed = await ended(flow);
    expect(failed.state.status).toBe('failed');
    broken = false;
    expect((await retried(failed)).database.events).toHaveLength(1);
  });

  it('waits for no event again that the ended run had taken, and listens anew for what cancels it', async () => {
    const Paid = event<object>('paid', { external: true });
    const Gone = event<object>('gone', { external: true });
    const taken = await retried(await ended(begin().waitForEvent(Paid, { id: 'paid' }).then('b', breaks)));
    expect(taken.facts.filter((type) => type.startsWith('event'))).toEqual(['event-wait.started', 'event.arrived', 'event.consumed']);

    const flow = workflow<unknown>('order', { version: 1, cancelOn: [cancelBy(Gone, () => ({}))] })
      .then('b', breaks)
      .wait('1h');
    const listening = (await ended(flow, { sends: false })).retry();
    await listening.make('let time pass');
    expect([...listening.database.waits.values()]).toMatchObject([{ event: 'gone', since: 'start' }]);
  });
});
