import { workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

const begin = () => workflow<unknown>('order', { version: 1 });

describe('if', () => {
  it('takes the first arm whose condition holds, and asks no further', async () => {
    const asked: number[] = [];
    const asks = (index: number, holds: boolean) => () => (asked.push(index), holds);
    const driver = RunDriver.of(
      begin()
        .when(asks(0, false), (flow) => flow.then('a', () => 'a'))
        .elseIf(asks(1, true), (flow) => flow.then('b', () => 'b'))
        .elseIf(asks(2, true), (flow) => flow.then('c', () => 'c'))
        .otherwise((flow) => flow.then('d', () => 'd')),
    );
    await driver.settle();
    expect(driver.state.output).toBe('b');
    expect(asked).toEqual([0, 1]);
  });

  it('takes the else when no condition holds', async () => {
    const driver = RunDriver.of(
      begin()
        .when(() => false, (flow) => flow.then('a', () => 'a'))
        .otherwise((flow) => flow.then('d', () => 'd')), // prettier-ignore
    );
    await driver.settle();
    expect(driver.state.output).toBe('d');
  });

  it('waits for a condition that takes its time', async () => {
    const driver = RunDriver.of(begin().when(async () => Promise.resolve(true), (flow) => flow.then('a', () => 'a'))); // prettier-ignore
    await driver.settle();
    expect(driver.state.output).toBe('a');
  });

  it('keeps to its choice after a restart, whatever the condition would say now', async () => {
    let weather = true;
    const driver = RunDriver.of(begin().when(() => weather, (flow) => flow.then('sun', () => 'sun')).otherwise((flow) => flow.then('rain', () => 'rain'))); // prettier-ignore
    await driver.make('commit');
    weather = false;
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toBe('sun');
  });

  it('may choose anew while its choice is not durable', async () => {
    let weather = true;
    const driver = RunDriver.of(begin().when(() => weather, (flow) => flow.then('sun', () => 'sun'))); // prettier-ignore
    await driver.make('evaluate when-1?choose');
    weather = false;
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toBeNull();
    expect(driver.database.journal.find((fact) => fact.type === 'branch.chosen')?.payload).toEqual({ choice: -1 });
  });

  it('fails the run visibly when a condition throws, also inside a branch whose failures are collected', async () => {
    const broken = () => {
      throw new Error('no such field');
    };
    for (const flow of [
      begin().when(broken, (yes) => yes.wait('1s')),
      begin().parallel(
        { a: (branch) => branch.when(broken, (yes) => yes.wait('1s')), b: (branch) => branch.wait('1h') },
        { mode: 'collect-all' },
      ),
    ]) {
      const driver = RunDriver.of(flow);
      await driver.settle();
      expect(driver.state).toMatchObject({
        status: 'failed',
        fault: { code: 'STEP_FAILED', message: '"when-1" could not be evaluated: no such field', retryable: false },
      });
      expect(driver.facts.slice(-2)).toEqual(['evaluation.failed', 'run.ended']);
    }
  });

  it('fails the run also when the worker dies before the end is durable', async () => {
    let isBroken = true;
    const driver = RunDriver.of(begin().when(() => (isBroken ? JSON.parse('{') : true) as boolean, (yes) => yes.wait('1s'))); // prettier-ignore
    await driver.make('evaluate when-1?choose');
    await driver.make('commit');
    isBroken = false;
    driver.crash();
    await driver.settle();
    expect(driver.state.status).toBe('failed');
  });
});
