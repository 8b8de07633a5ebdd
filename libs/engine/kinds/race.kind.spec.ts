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
const child = workflow<unknown>('child', { version: 1 }).then('work', () => 1);
const fails =
  (id: string, message = 'no'): Branch =>
  (flow) =>
    flow.then(id, () => {
      throw new Error(message);
    });
const step =
  (id: string): Branch =>
  (flow) =>
    flow.then(id, () => id);

async function ended(flow: Flow<unknown>): Promise<RunDriver> {
  const driver = RunDriver.of(flow);
  await driver.settle();
  expect(driver.hasEnded).toBe(true);
  return driver;
}

describe('race', () => {
  it('begins all branches at once; the first to complete wins, also when another has failed before', async () => {
    const driver = RunDriver.of(begin().race({ a: fails('a1'), b: step('b1'), c: (flow) => step('c1')(flow.wait('1h')) }));
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'completed', output: { winner: 'b', output: 'b1' } });
    expect(driver.now).toBe(1_000);
  });

  it('withdraws all that the others have open, and keeps what they have completed', async () => {
    const open: Branch = (flow) =>
      flow
        .then('done', () => 1)
        .parallel({
          person: (branch) => branch.screen(Review),
          event: (branch) => branch.waitForEvent(event<Record<string, never>>('never', { external: true })),
          child: (branch) => branch.subWorkflow(child, () => 1),
          elsewhere: (branch) => branch.then('far', () => 1, { queue: 'other' }),
        });
    const driver = RunDriver.of(begin().race({ open, timer: (flow) => flow.wait('1m') }).wait('1m'), { otherQueues: ['other'], sends: false }); // prettier-ignore
    while (driver.database.dispatches.size + driver.database.tasks.size + driver.database.waits.size + driver.database.children.size < 4)
      await driver.moves()[0]?.make();
    await driver.make('let time pass');
    await driver.make('evaluate race-1?win');
    await driver.make('commit');
    const { tasks, waits, dispatches, children } = driver.database;
    expect([tasks.size, waits.size, dispatches.size, children.size]).toEqual([0, 0, 0, 0]);
    await driver.settle();
    expect(driver.read.resultOf('done')).toBe(1);
    expect(driver.read.resultOf('far')).toBeUndefined();
  });

  it('gives it to who ended first in the journal, when one look finds several', async () => {
    const driver = RunDriver.of(begin().race({ a: (flow) => flow.screen(Review, { id: 'a1' }), b: (flow) => flow.screen(Review, { id: 'b1' }) })); // prettier-ignore
    await driver.settle.call({ moves: () => driver.moves().filter(({ name }) => !name.startsWith('answer')) });
    await driver.moves().find(({ name }) => name === 'answer b1')?.make(); // prettier-ignore
    await driver.moves().find(({ name }) => name === 'answer a1')?.make(); // prettier-ignore
    await driver.settle();
    expect(driver.state.output).toEqual({ winner: 'b', output: null });
  });

  it('fails with all errors when all have failed', async () => {
    const seen: unknown[] = [];
    const driver = await ended(
      begin().try((flow) => flow.race({ a: fails('a1', 'no card'), b: fails('b1', 'no wire') }), {
        catch: (flow) => flow.then('read', (ctx) => void seen.push(ctx.error)),
      }),
    );
    expect(driver.state.status).toBe('completed');
    const error = (path: string, message: string) => ({ code: 'STEP_FAILED', message, path: `try-1/try/race-1/${path}`, iteration: '' });
    expect(seen).toEqual([
      {
        ...{ code: 'RACE_FAILED', message: 'Nobody has won "race-1": a: no card; b: no wire', path: 'try-1/try/race-1', iteration: '' },
        errors: { a: error('a/a1', 'no card'), b: error('b/b1', 'no wire') },
      },
    ]);
  });

  it('is decided by the first to settle when asked to', async () => {
    const slow: Branch = (flow) => flow.wait('1m');
    const lost = await ended(begin().race({ a: slow, b: fails('b1') }, { first: 'settled' }));
    expect(lost.state).toMatchObject({ status: 'failed', fault: { path: 'race-1/b/b1' } });
    const won = await ended(begin().race({ a: slow, b: step('b1') }, { first: 'settled' }));
    expect(won.state.output).toEqual({ winner: 'b', output: 'b1' });
  });

  it('goes on when the losers have been left', async () => {
    const driver = await ended(
      begin()
        .race({
          a: (flow) => flow.try((inner) => inner.wait('1h'), { finally: (last) => last.wait('1m').then('last', () => 'put away') }),
          b: step('b1'),
        })
        .then('after', (ctx) => ctx.resultOf('last')),
    );
    expect([driver.state.output, driver.now]).toEqual(['put away', 61_000]);
  });

  it('is refused with another word than success or settled', () => {
    expect(() => begin().race({ a: step('a1') }, { first: 'fastest' as never })).toThrow(
      'Workflow "order", race "race-1": first is "fastest"; it is \'success\' or \'settled\'.',
    );
  });
});
