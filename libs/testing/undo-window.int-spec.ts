/** Decisions that are held: the same scenarios in memory and on a real PostgreSQL, by a clock that the test moves. */
import { Screen, type ScreenHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import { crashAtEveryCommit, type RunUnderTest, testKit, type TestKit } from './index.js';

class Verdict {
  @IsIn(['approve', 'refuse'])
  verdict!: 'approve' | 'refuse';
}

@Screen({ id: 'approve', title: 'Approve' })
class Approve implements ScreenHandler<null, Verdict> {
  readonly answer = Verdict;
  props = () => null;
}

const alone = workflow<unknown>('alone', { version: 1 })
  .screen(Approve, { undoWindow: '10s' })
  .then('end', (ctx) => ctx.answerOf(Approve).verdict);
const beside = workflow<unknown>('beside', { version: 1 })
  .parallel({ ask: (ask) => ask.screen(Approve, { undoWindow: '10s' }), clock: (clock) => clock.wait('3s').then('tick', () => 'tick') })
  .then('end', (ctx) => ctx.answerOf(Approve).verdict);
const raced = workflow<unknown>('raced', { version: 1 }).race({
  ask: (ask) => ask.screen(Approve, { undoWindow: '10s' }),
  clock: (clock) => clock.wait('5s').then('late', () => 'too late'),
});

@WorkflowModule({ workflows: [alone, beside, raced], providers: [Approve] })
class UndoModule {}

const workflows = [UndoModule];
const approve = { verdict: 'approve' };

describe.each(['memory', 'postgres'] as const)('an undo window, in %s', (store) => {
  let t: TestKit;
  beforeEach(async () => {
    t = await testKit({ workflows, store });
  });
  afterEach(() => t.close());

  const answered = async () => {
    const [task] = await t.openTasks();
    if (!task) throw new Error('There is no open task.');
    await t.answer(task, approve);
    return task;
  };
  const typesOf = async (run: RunUnderTest) => (await run.journal()).map(({ type }) => type);

  it('keeps the run waiting until it is over', async () => {
    const run = await t.start(alone, {});
    await answered();
    await t.advance('9s');
    expect(await run.waitsFor()).toEqual(['task']);
    await t.advance('1s');
    expect(await run.output()).toBe('approve');
  });

  it('lets the answer be taken back, and another be given, which alone is read', async () => {
    const run = await t.start(alone, {});
    const task = await answered();
    await t.advance('9s');
    await t.undoAnswer(task);
    await t.advance('1m');
    expect(await run.waitsFor()).toEqual(['task']);
    await t.answer(task.id, { verdict: 'refuse' });
    await t.advance('10s');
    expect(await run.output()).toBe('refuse');
    await expect(t.undoAnswer(task)).rejects.toThrow('can no longer be taken back');
    expect((await typesOf(run)).filter((type) => type === 'task.completed')).toHaveLength(1);
  });

  it('is not forgotten by what the run does meanwhile, nor when its process dies', async () => {
    const run = await t.start(beside, {});
    await answered();
    await t.advance('4s');
    await t.crash();
    expect(await run.waitsFor()).toEqual(['task']);
    await t.advance('6s');
    expect(await run.output()).toBe('approve');
  });

  it('closes the task with its run or branch, and the answer, which came too late, leaves a trace', async () => {
    for (const workflow of [alone, raced]) {
      const run = await t.start(workflow, {});
      const task = await answered();
      await t.advance('4s');
      if (workflow === alone) await t.cancel(run);
      await t.advance('1s');
      await expect(t.undoAnswer(task)).rejects.toThrow('can no longer be taken back');
      await t.advance('10s');
      expect(await run.status()).toBe(workflow === alone ? 'canceled' : 'completed');
      expect(await typesOf(run)).toContain('message.ignored');
      expect(await typesOf(run)).not.toContain('task.completed');
    }
  });
});

describe('an undo window', () => {
  it('neither loses nor doubles the answer, at whichever commit the process dies', async () => {
    const { crashes } = await crashAtEveryCommit({ workflows, store: 'memory' }, async (t) => {
      const run = await t.start(beside, {});
      const [task] = await t.openTasks();
      if (task) await t.answer(task, approve);
      await t.advance('20s');
      expect(await run.output()).toBe('approve');
    });
    expect(crashes).toBeGreaterThan(0);
  });

  it.each(['0s', '2h', 'soon'])('is between a second and an hour: not %s', (undoWindow) => {
    expect(() => workflow('bad', { version: 1 }).screen(Approve, { undoWindow: undoWindow })).toThrow('undoWindow');
  });
});
