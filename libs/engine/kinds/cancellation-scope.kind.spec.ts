import { type Flow, workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

const begin = () => workflow<unknown>('order', { version: 1 });
const broken = (): never => {
  throw new Error('broken');
};
const deploy = (flow: Flow<unknown>) => flow.wait('1h').then('deploy', () => 'deployed');

async function canceled(flow: Flow<unknown>): Promise<RunDriver> {
  const driver = RunDriver.of(flow);
  await driver.make('commit');
  driver.database.append('cancel.requested', { reason: 'late', by: null });
  await driver.settle();
  expect(driver.state.status).toBe('canceled');
  return driver;
}

describe('a cancellation scope', () => {
  it('gives the last result of its branch', async () => {
    const driver = RunDriver.of(begin().cancellationScope(deploy));
    await driver.settle();
    expect(driver.state.output).toBe('deployed');
  });

  it('is run to its end when the run is canceled, and nothing behind it begins', async () => {
    const driver = await canceled(begin().cancellationScope(deploy).then('notify', () => 1)); // prettier-ignore
    expect([driver.read.resultOf('deploy'), driver.read.maybeResultOf('notify')]).toEqual(['deployed', undefined]);
  });

  it('is not entered any more after the cancel', async () => {
    const driver = await canceled(begin().wait('1h').cancellationScope(deploy));
    expect(driver.facts).not.toContain('node.entered');
  });

  it('waits with what it waits for, while all around it is closed', async () => {
    const driver = RunDriver.of(begin().parallel({ a: (flow) => flow.cancellationScope(deploy), b: (flow) => flow.wait('9h') }));
    await driver.make('commit');
    driver.database.append('cancel.requested', { reason: 'late', by: null });
    await driver.make('commit');
    expect(driver.waits).toEqual([{ reason: 'timer', dueAt: 3_601_000 }]);
    await driver.settle();
    expect(driver.now).toBe(3_601_000);
  });

  it('holds a parallel whose other branch has failed, and may enter others inside meanwhile', async () => {
    const driver = RunDriver.of(
      begin().parallel({
        a: (flow) => flow.cancellationScope((inner) => inner.wait('1h').cancellationScope((last) => last.then('deploy', () => 1))),
        b: (flow) =>
          flow.then('fails', () => {
            throw new Error('no');
          }),
      }),
    );
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'failed', fault: { path: 'parallel-1/b/fails' } });
    expect(driver.read.resultOf('deploy')).toBe(1);
  });

  it('lets what is canceled inside of it be canceled', async () => {
    const driver = await canceled(
      begin().cancellationScope((flow) =>
        flow.parallel({
          a: (branch) => branch.wait('1h').then('late', () => 1),
          b: (branch) =>
            branch.wait('1m').then('fails', () => {
              throw new Error('no');
            }),
        }),
      ),
    );
    expect(driver.now).toBe(61_000);
    expect(driver.read.maybeResultOf('late')).toBeUndefined();
  });

  it.each<[string, (flow: Flow<unknown>) => Flow<unknown>]>([
    ['a choice', (flow) => flow.when(broken, deploy)],
    ['a lot', (flow) => flow.abSplit({ a: { weight: 1 } }, { by: broken })],
    ['an instant', (flow) => flow.waitUntil(broken)],
    ['a step that would be parked', (flow) => flow.then('charge', () => 1, { when: broken, onExhausted: 'park' })],
  ])('is left where author code throws in it, and asks it no more: %s', async (_what, branch) => {
    const driver = RunDriver.of(begin().cancellationScope(branch));
    await driver.settle();
    expect([driver.state.status, driver.state.fault?.message]).toEqual(['failed', expect.stringContaining('broken')]);
    expect(driver.facts.filter((type) => type === 'evaluation.failed')).toHaveLength(1);
  });
});
