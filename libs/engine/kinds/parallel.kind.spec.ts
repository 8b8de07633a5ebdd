import { event, type Flow, Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

class Answer {}

@Screen({ id: 'review', title: 'Review' })
class Review implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

type Branch = (flow: Flow<unknown>) => Flow<unknown>;

const begin = () => workflow<unknown>('order', { version: 1 });
const fails: Branch = (flow) =>
  flow.then('fails', () => {
    throw new Error('no');
  });
const step =
  (id: string): Branch =>
  (flow) =>
    flow.then(id, () => id);

describe('parallel', () => {
  it('begins all branches at once and gives their last results by name', async () => {
    const driver = RunDriver.of(begin().parallel({ a: (flow) => step('a2')(flow.then('a1', () => 1)), b: step('b1') }));
    expect(driver.possible).toEqual(['begin parallel-1/a/a1!1.0', 'begin parallel-1/b/b1!1.0']);
    await driver.settle();
    expect(driver.state.output).toEqual({ a: 'a2', b: 'b1' });
  });

  it('writes no fact of its own when all goes well', async () => {
    const driver = RunDriver.of(begin().parallel({ a: step('a1'), b: step('b1') }));
    await driver.settle();
    expect(driver.facts).toEqual(['run.started', 'step.completed', 'step.completed', 'run.ended']);
  });

  it('keeps to its cap, in the order in which the branches are written', async () => {
    const driver = RunDriver.of(begin().parallel({ a: step('a1'), b: step('b1'), c: step('c1') }, { concurrency: 2 }));
    expect(driver.possible).toEqual(['begin parallel-1/a/a1!1.0', 'begin parallel-1/b/b1!1.0']);
    await driver.make('finish parallel-1/a/a1!1.0');
    expect(driver.possible).not.toContain('begin parallel-1/c/c1!1.0');
    await driver.make('commit');
    expect(driver.possible).toContain('begin parallel-1/c/c1!1.0');
    await driver.settle();
    expect(driver.state.output).toEqual({ a: 'a1', b: 'b1', c: 'c1' });
  });

  it('collects every outcome when asked to, and never fails', async () => {
    const driver = RunDriver.of(begin().parallel({ a: fails, b: step('b1') }, { mode: 'collect-all' }));
    await driver.settle();
    expect(driver.state.status).toBe('completed');
    expect(driver.state.output).toEqual({
      a: { status: 'failed', error: { code: 'STEP_FAILED', message: 'no' } },
      b: { status: 'completed', output: 'b1' },
    });
  });

  it('fails with its first branch, and the run with it; what is open is closed', async () => {
    const driver = RunDriver.of(begin().parallel({ a: fails, b: (flow) => flow.screen(Review), c: (flow) => flow.wait('1h') }));
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'failed', fault: { message: 'no' } });
    expect(driver.facts.slice(-3)).toEqual(['attempt.failed', 'branches.canceled', 'run.ended']);
    expect(driver.database.tasks.size).toBe(0);
  });

  it('says which failure was the first, also after a crash', async () => {
    const later: Branch = (flow) =>
      flow.then('fails-later', () => {
        throw new Error('later');
      });
    const driver = RunDriver.of(begin().parallel({ a: fails, b: later }));
    await driver.make('begin parallel-1/b/fails-later!1.0');
    await driver.make('finish parallel-1/b/fails-later!1.0');
    await driver.make('evaluate parallel-1?cancel-branches');
    await driver.make('commit');
    driver.crash();
    await driver.settle();
    expect(driver.state.fault?.message).toBe('later');
  });
});

describe('a fail-fast parallel that fails while the run goes on', () => {
  const inside = (others: Record<string, Branch>) =>
    begin()
      .parallel(
        { inner: (flow) => flow.parallel({ ...others, x: fails }, { id: 'one' }), outer: (flow) => flow.screen(Review, { id: 'outer' }) },
        { id: 'all', mode: 'collect-all' },
      )
      .then('after', (ctx) => ctx.resultOf('all'));

  it('begins nothing more in its branches', async () => {
    const driver = RunDriver.of(inside({ a: step('a1') }));
    await driver.make('begin all/inner/one/x/fails!1.0');
    await driver.make('finish all/inner/one/x/fails!1.0');
    expect(driver.possible).not.toContain('begin all/inner/one/a/a1!1.0');
    await driver.settle();
    expect(driver.executions.has('all/inner/one/a/a1')).toBe(false);
  });

  it('asks nothing more of the author for its branches: an event that stands behind is not emitted', async () => {
    const driver = RunDriver.of(inside({ a: (flow) => step('a1')(flow).emit(event<null>('order.filed'), () => null) }));
    await driver.make('begin all/inner/one/a/a1!1.0');
    await driver.make('begin all/inner/one/x/fails!1.0');
    await driver.make('finish all/inner/one/a/a1!1.0');
    await driver.make('finish all/inner/one/x/fails!1.0');
    expect(driver.possible).not.toContain('evaluate all/inner/one/a/emit-1?emit');
    await driver.settle();
    expect(driver.database.events).toEqual([]);
  });

  it('closes the tasks of its branches, and leaves those of others open', async () => {
    const driver = RunDriver.of(inside({ a: (flow) => flow.screen(Review) }));
    await driver.make('evaluate all/inner/one/a/review?open');
    await driver.make('evaluate all/outer/outer?open');
    await driver.make('commit');
    expect([...driver.database.tasks.values()].map((task) => task.screen)).toEqual(['review', 'outer']);
    await driver.make('finish all/inner/one/x/fails!1.0');
    await driver.make('evaluate all/inner/one?cancel-branches');
    await driver.make('commit');
    expect([...driver.database.tasks.values()].map((task) => task.screen)).toEqual(['outer']);
    await driver.settle();
    expect(driver.state.status).toBe('completed');
    expect(driver.read.resultOf('all')).toMatchObject({
      inner: { status: 'failed', error: { message: 'no' } },
      outer: { status: 'completed' },
    });
  });

  it('keeps an answer that comes too late, and does not apply it', async () => {
    const driver = RunDriver.of(inside({ a: (flow) => flow.screen(Review) }));
    await driver.make('evaluate all/inner/one/a/review?open');
    await driver.make('commit');
    await driver.make('answer review');
    await driver.make('finish all/inner/one/x/fails!1.0');
    await driver.make('evaluate all/inner/one?cancel-branches');
    await driver.settle();
    expect(driver.facts).toContain('message.ignored');
    expect(driver.read.maybeResultOf('review')).toBeUndefined();
  });

  it('drops what a running attempt of its branches still returns', async () => {
    const driver = RunDriver.of(inside({ a: step('a1') }));
    await driver.make('begin all/inner/one/a/a1!1.0');
    await driver.make('begin all/inner/one/x/fails!1.0');
    await driver.make('finish all/inner/one/x/fails!1.0');
    await driver.make('evaluate all/inner/one?cancel-branches');
    await driver.make('finish all/inner/one/a/a1!1.0');
    await driver.settle();
    expect(driver.state.status).toBe('completed');
    expect(driver.read.maybeResultOf('a1')).toBeUndefined();
  });

  it('lets no timer of its branches wake the run', async () => {
    const driver = RunDriver.of(inside({ a: (flow) => flow.wait('1h') }));
    await driver.make('evaluate all/inner/one/a/wait-1?start');
    await driver.make('begin all/inner/one/x/fails!1.0');
    await driver.make('finish all/inner/one/x/fails!1.0');
    await driver.make('evaluate all/inner/one?cancel-branches');
    await driver.make('commit');
    expect(driver.possible).not.toContain('let time pass');
  });
});
