import { type Flow, Step, type StepHandler, workflow } from '@stepwell/sdk';
import { apply, fold } from './apply.js';
import { decide } from './decide.js';
import { forkAt } from './fork.js';
import { RunDriver } from './testing/run-driver.js';

const step = (id: string) => (flow: Flow<unknown>) => flow.then(id, () => id);
const reopened = async (flow: Flow<unknown>, path: string) => {
  const driver = RunDriver.of(flow);
  await driver.settle();
  return forkAt(driver.graph, driver.database.journal, { path, iteration: '' })?.begun.reopened.map((node) => node.path);
};

describe('a fork from within a finally', () => {
  const last = (flow: Flow<unknown>) => flow.then('release', () => 1).then('tell', () => 2);
  const fails = (flow: Flow<unknown>) => flow.then('charge', () => JSON.parse('{') as unknown);
  const begin = () => workflow<unknown>('order', { version: 1 });

  it('goes on with it, where the branch has completed, or its catch', async () => {
    expect(await reopened(begin().try(step('charge'), { finally: last }), 'try-1/finally/tell')).toEqual([]);
    const caught = begin().try(fails, { catch: step('other'), finally: last });
    expect(await reopened(caught, 'try-1/finally/tell')).toEqual([]);
  });

  it('runs it again, where the branch has failed and begins anew', async () => {
    expect(await reopened(begin().try(fails, { finally: last }), 'try-1/finally/tell')).toEqual([
      'try-1/try/charge',
      'try-1/finally/release',
    ]);
  });
});

it('keeps a failure that what is around it had taken, and goes on beside it', async () => {
  const collecting = workflow<unknown>('order', { version: 1 }).parallel(
    { a: (flow) => flow.then('fails', () => JSON.parse('{') as unknown), b: (flow) => flow.then('price', () => 1).then('bill', () => 2) },
    { mode: 'collect-all' },
  );
  const driver = RunDriver.of(collecting);
  await driver.settle();
  expect(forkAt(driver.graph, driver.database.journal, { path: 'parallel-1/b/bill', iteration: '' })?.begun.reopened).toEqual([]);
});

describe('a fork of a run with undos', () => {
  @Step({ id: 'refund' })
  class Refund implements StepHandler<null> {
    run() {
      return null;
    }
  }
  const flow = (book: () => unknown) =>
    workflow<unknown>('order', { version: 1 })
      .then('charge', () => 1, { compensate: Refund })
      .then('note', () => 2)
      .then('book', book as never);

  it('names what the run has undone since', async () => {
    const driver = RunDriver.of(flow(() => JSON.parse('{') as unknown));
    await driver.settle();
    const undoneFor = (path: string) => forkAt(driver.graph, driver.database.journal, { path, iteration: '' })?.undone;
    expect([undoneFor('book'), undoneFor('charge')]).toEqual([[{ path: 'charge', iteration: '' }], []]);
  });

  it('undoes nothing that it has taken over', async () => {
    const driver = RunDriver.of(flow(() => 3));
    await driver.settle();
    const fork = forkAt(driver.graph, driver.database.journal, { path: 'book', iteration: '' });
    const state = fold(driver.database.journal.slice(0, fork?.facts));
    const at = { version: 1, iteration: '', attempt: 1, at: 0 };
    const fault = { code: 'STEP_FAILED', message: 'no', retryable: false };
    apply(state, { ...at, seq: state.lastSeq + 1, type: 'fork.started', path: '', payload: { runId: 'run', outputs: [], ...fork?.begun } as never }); // prettier-ignore
    apply(state, { ...at, seq: state.lastSeq + 1, type: 'attempt.failed', path: 'book', payload: { fault, startedAt: 0, retryAt: null } });
    expect(decide(driver.graph, state, 0).actions).toMatchObject([{ type: 'end', status: 'failed' }]);
  });
});
