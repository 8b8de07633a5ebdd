import { AT_ONCE, type Progress, runBulk, type Reply } from './bulk-run.js';
import type { ChosenTask } from './selection.js';

const tasks = Array.from({ length: 2 * AT_ONCE + 1 }, (_, index): ChosenTask => ({
  ...{ id: `t${index}`, version: 1, workflow: 'order', title: 'Approve', subject: `${index}`, bulk: null },
}));
const allDone = (some: readonly ChosenTask[]): Reply => ({ tasks: some.map(({ id }) => ({ id, task: { id }, errors: [] })), errors: [] });
const run = async (send: (some: readonly ChosenTask[]) => Reply, isStopped: () => boolean = () => false) => {
  const steps: Progress[] = [];
  const end = await runBulk({ tasks, isStopped, send: (some) => Promise.resolve(send(some)), onProgress: (step) => steps.push(step) });
  return { steps: steps.map(({ done, left }) => [done.length, left.length]), end };
};

describe('one thing done to many tasks, from the page', () => {
  it('is done to each of those that were confirmed, and to no other, as many at once as the server takes', async () => {
    const sent: string[] = [];
    const { steps, end } = await run((some) => {
      sent.push(...some.map(({ id }) => id));
      return allDone(some);
    });
    expect(sent).toEqual(tasks.map(({ id }) => id));
    expect(steps).toEqual([
      [100, 0],
      [200, 0],
      [201, 0],
    ]);
    expect(end.done).toEqual(tasks);
  });

  it('keeps why one was refused, with the version that it then had', async () => {
    const { end } = await run((some) => ({
      errors: [],
      tasks: some.map(({ id }) =>
        id === 't3'
          ? { id, task: null, errors: [{ message: 'It was changed.', path: null, task: { id, version: 4 } }] }
          : { id, task: { id }, errors: [] },
      ),
    }));
    expect(end.left).toEqual([{ task: { ...tasks[3], version: 4 }, reason: 'It was changed.' }]);
    expect(end.done).toHaveLength(200);
  });

  it('says of which field of the answer a refusal speaks, of one task and of all', async () => {
    const wrong = (path: readonly string[], message: string) => ({ path: [...path], message });
    const errors = [wrong(['note'], 'Needs a value'), wrong(['parts', '0', 'cost'], 'Needs an amount')];
    const one = await run((some) => ({ errors: [], tasks: some.map(({ id }) => ({ id, task: null, errors })) }));
    const all = await run(() => ({ tasks: [], errors }));
    for (const { end } of [one, all]) expect(end.left[0]?.reason).toBe('note: Needs a value; parts.0.cost: Needs an amount');
  });

  it('stops when it is told to, and when a call does not come back; what was not tried says so', async () => {
    let calls = 0;
    const stopped = await run(
      (some) => {
        calls++;
        return allDone(some);
      },
      () => calls === 1,
    );
    expect([calls, stopped.end.done.length, stopped.end.left.length]).toEqual([1, 100, 101]);
    expect(stopped.end.left[0]?.reason).toMatch(/^Not tried/);
    const failed = await run((some) => (some[0]?.id === 't100' ? { failure: 'The server cannot be reached' } : allDone(some)));
    expect([failed.end.done.length, failed.end.left[0]?.reason, failed.end.left[100]?.reason]).toEqual([
      ...[100, 'The server cannot be reached', expect.stringMatching(/^Not tried/)],
    ]);
  });
});
