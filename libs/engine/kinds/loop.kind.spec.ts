import { type LoopOptions, workflow } from '@stepwell/sdk';
import { fold } from '../apply.js';
import type { Fact } from '../facts/fact.js';
import { RunDriver } from '../testing/run-driver.js';

const begin = () => workflow<{ pages: number }>('poll', { version: 1 });
const poll = (pages = 3) =>
  begin().loop<{ page: number }>(
    (turn, previousOf) => turn.then('read', (ctx) => ({ page: (previousOf(ctx)?.page ?? 0) + 1 })),
    { until: (ctx) => ctx.resultOf<{ page: number }>('read').page === pages, pause: '1m' }, // prettier-ignore
  );
const endOf = async (flow: Parameters<typeof RunDriver.of>[0]) => {
  const driver = RunDriver.of(flow);
  await driver.settle();
  return driver;
};

describe('a loop', () => {
  it('goes on until its condition holds, with what the turn before came to', async () => {
    const driver = await endOf(poll());
    expect(driver.state.output).toEqual({ iterations: 3, output: { page: 3 }, capped: false });
    const turned = ['step.completed', 'loop.turned'];
    expect(driver.facts).toEqual(['run.started', 'loop.turned', ...turned, ...turned, ...turned, 'run.ended']);
  });

  it('pauses between two turns by a durable timer, not before the first and not after the last', async () => {
    const driver = RunDriver.of(poll());
    await driver.make('evaluate loop-1?turn-1');
    await driver.make('commit');
    driver.crash();
    expect([driver.possible, driver.waits]).toEqual([['let time pass'], [{ reason: 'timer', dueAt: 61_000 }]]);
    await driver.settle();
    expect(driver.now).toBe(121_000);
  });

  it('asks while before the first turn, when there is no result of one', async () => {
    const seen: unknown[] = [];
    const flow = begin().loop((turn) => turn.then('count', (ctx) => ctx.index), { while: (ctx) => (seen.push([ctx.index, ctx.maybeResultOf('count')]), ctx.index < 1) }); // prettier-ignore
    const driver = await endOf(flow);
    expect(seen).toEqual([[-1, undefined], [0, 0], [1, 1]]); // prettier-ignore
    expect(driver.state.output).toEqual({ iterations: 2, output: 1, capped: false });
  });

  it('has no turn at all when while does not hold', async () => {
    const driver = await endOf(begin().loop((turn) => turn.wait('1d'), { while: () => false }));
    expect(driver.state.output).toEqual({ iterations: 0, output: null, capped: false });
  });

  it('without conditions has so many turns', async () => {
    const driver = await endOf(begin().loop((turn) => turn.then('count', (ctx) => ctx.index), { maxIterations: 4 }));
    expect(driver.state.output).toEqual({ iterations: 4, output: 3, capped: false });
  });

  it('keeps to what was said after a turn, whatever its condition would say after a restart', async () => {
    let isOver = false;
    const driver = RunDriver.of(begin().loop((turn) => turn.then('count', (ctx) => ctx.index), { until: () => isOver, pause: '1m', maxIterations: 2, atCap: 'continue' })); // prettier-ignore
    await driver.make('evaluate loop-1?turn-1');
    await driver.make('commit');
    isOver = true;
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toEqual({ iterations: 2, output: 1, capped: false });
  });

  it('fails at its cap, and has as many turns again when its run is retried; none runs twice', async () => {
    const driver = await endOf(begin().loop((turn) => turn.then('count', (ctx) => ctx.index), { until: (ctx) => ctx.index === 4, maxIterations: 3 })); // prettier-ignore
    expect(driver.state.fault).toMatchObject({ code: 'LOOP_CAPPED', retryable: false });
    expect(driver.state.fault?.message).toContain('The loop "loop-1" has gone round 3 times');
    const retry = driver.retry();
    await retry.settle();
    expect(retry.state.output).toEqual({ iterations: 5, output: 4, capped: false });
    expect([...driver.executions.keys(), ...retry.executions.keys()]).toEqual([0, 1, 2, 3, 4].map((turn) => `loop-1/turn/count#${turn}`));
  });

  it('goes on behind it at its cap, where it may, and says so', async () => {
    const driver = await endOf(begin().loop((turn) => turn.then('count', (ctx) => ctx.index), { until: () => false, maxIterations: 3, atCap: 'continue' })); // prettier-ignore
    expect(driver.state.output).toEqual({ iterations: 3, output: 2, capped: true });
  });

  it('goes on with the turn that failed when its run is retried', async () => {
    let isDown = true;
    const flow = begin().loop((turn) => turn.then('count', (ctx) => (ctx.index === 2 && isDown ? explode() : ctx.index)), { maxIterations: 4 }); // prettier-ignore
    const driver = await endOf(flow);
    expect(driver.state.fault?.message).toBe('down');
    isDown = false;
    const retry = driver.retry();
    await retry.settle();
    expect([retry.state.output, [...retry.executions.keys()]]).toEqual([{ iterations: 4, output: 3, capped: false }, ['loop-1/turn/count#2', 'loop-1/turn/count#3']]); // prettier-ignore
  });

  it('inside of another one, and around a for-each, keeps the turns of each apart', async () => {
    const flow = begin().loop(
      (outer) =>
        outer
          .then('outer', (ctx) => `o${ctx.index}`)
          .loop<string>((inner, previousOf) => inner.forEach(() => ['x', 'y'], (each, itemOf) => each.then('seen', (ctx) => `${ctx.resultOf<string>('outer')}${ctx.index}${itemOf(ctx)}`)).then('line', (ctx) => `${previousOf(ctx) ?? ''} ${ctx.resultOf<string[]>('for-each-1').join('')}`), { maxIterations: 2, id: 'lines' }), // prettier-ignore
      { maxIterations: 2 },
    );
    expect((await endOf(flow)).state.output).toEqual({
      iterations: 2,
      output: { iterations: 2, output: ' o10xo11y o10xo11y', capped: false },
      capped: false,
    });
  });

  it('has the item of a for-each around it as its item', async () => {
    const flow = begin().forEach(() => ['x'], (each) => each.loop((turn) => turn.then('seen', (ctx) => [ctx.item, ctx.index]), { maxIterations: 2 })); // prettier-ignore
    expect((await endOf(flow)).state.output).toEqual([{ iterations: 2, output: ['x', 1], capped: false }]);
  });

  it('keeps no more than the last two turns in the state, however many there were', () => {
    const fact = (seq: number, type: string, path: string, iteration: string, payload: object): Fact =>
      ({ seq, type, version: 1, path, iteration, attempt: 1, payload, at: 0 }) as Fact;
    const facts = [fact(1, 'run.started', '', '', { input: null }), fact(2, 'loop.turned', 'loop-1', '', { finished: 0, ending: null, dueAt: null })]; // prettier-ignore
    for (let turn = 0; turn < 100_000; turn++) {
      facts.push(fact(facts.length + 1, 'loop.turned', 'loop-1/turn/loop-2', String(turn), { finished: 0, ending: null, dueAt: null }));
      facts.push(fact(facts.length + 1, 'step.completed', 'loop-1/turn/loop-2/turn/read', `${turn}.0`, { output: { turn } }));
      facts.push(fact(facts.length + 1, 'loop.turned', 'loop-1', '', { finished: turn + 1, ending: null, dueAt: null }));
    }
    expect([...fold(facts).nodes].map(([key]) => key)).toEqual([
      'loop-1',
      'loop-1/turn/loop-2#99999',
      'loop-1/turn/loop-2/turn/read#99999.0',
    ]);
  });

  it.each<[string, LoopOptions<unknown>, RegExp]>([
    ['what never ends', {}, /give it while or until/],
    ['a cap that could not be reached by conditions', { maxIterations: 3, atCap: 'fail' }, /give it while or until/],
    ['no turns', { while: () => true, maxIterations: 0 }, /maxIterations is 0/],
    ['too many', { while: () => true, maxIterations: 1_000_001 }, /from 1 to 1000000/],
    ['a pause that is none', { while: () => true, pause: 'a while' }, /pause: "a while" is not a duration/],
  ])('refuses %s', (_what, options, message) => {
    expect(() => begin().loop((turn) => turn.wait('1s'), options)).toThrow(message);
  });
});

function explode(): never {
  throw new Error('down');
}
