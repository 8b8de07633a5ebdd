import { workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

const Child = workflow<{ number: number }>('child', { version: 1 });
const begin = () => workflow<{ number: number }>('order', { version: 1 });
const input = { number: 7 };
const started = (driver: RunDriver, path: string) => driver.state.nodes.get(path, '')?.childId ?? '';

describe('a sub-workflow', () => {
  it('starts its child once, with the input as it was then, and takes its output', async () => {
    let asked = 0;
    const flow = begin().subWorkflow(Child, (ctx) => ({ number: ctx.input.number + asked++ }), { id: 'child' });
    const driver = RunDriver.of(flow, { input });
    await driver.make('commit');
    driver.crash();
    expect([...driver.database.children.values()]).toMatchObject([{ workflow: 'child', input: { number: 7 }, isAwaited: true }]);
    expect(driver.possible).toEqual(['end the child of child']);
    await driver.settle();
    expect([driver.state.output, asked]).toEqual([{ number: 7 }, 1]);
  });

  it('fails with its child', async () => {
    const driver = RunDriver.of(
      begin().subWorkflow(Child, () => input, { id: 'child' }),
      { input },
    );
    await driver.make('commit');
    const fault = { code: 'CHILD_FAILED', message: 'no', retryable: false };
    driver.database.children.clear();
    driver.database.append('child.ended', { childId: started(driver, 'child'), fault });
    await driver.settle();
    expect([driver.state.status, driver.state.fault]).toMatchObject(['failed', fault]);
  });

  it('goes on at once when the child is detached', async () => {
    const driver = RunDriver.of(
      begin().subWorkflow(Child, () => input, { id: 'child', mode: 'detach' }),
      { input },
    );
    await driver.settle();
    expect([driver.state.output, driver.database.children.size]).toEqual([{ runId: started(driver, 'child') }, 0]);
  });

  it('cancels the child when nobody needs it any more', async () => {
    const flow = begin().parallel(
      {
        both: (branch) =>
          branch.parallel({
            child: (one) => one.subWorkflow(Child, () => input, { id: 'child' }),
            broken: (one) =>
              one.wait('1m').then('break', () => {
                throw new Error('no');
              }),
          }),
      },
      { mode: 'collect-all' },
    );
    const driver = RunDriver.of(flow, { input });
    while (driver.database.children.size === 0) await driver.moves()[0]?.make();
    while (!driver.hasEnded) await driver.moves().find(({ name }) => !name.startsWith('end the child'))?.make(); // prettier-ignore
    expect([driver.state.status, driver.database.children.size]).toEqual(['completed', 0]);
  });
});
