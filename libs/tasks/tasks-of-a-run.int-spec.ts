import { RunStatus } from '@stepwell/contracts';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import { type Engine, startEngine, TENANT } from '../../test/engine/engine.js';
import { NoFeed } from '../../test/engine/no-feed.js';
import { ScreensOf } from '../../test/tasks/screens-of.js';
import { person, refusal } from '../../test/tasks/task-desk.js';
import type { TaskInShort } from './task-view.js';
import { TaskService } from './task.service.js';

class Verdict {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

@Screen({ id: 'approve', title: 'Approve the order' })
class Approve implements ScreenHandler<{ total: number }, Verdict> {
  readonly answer = Verdict;
  props() {
    return { total: 7 };
  }
}

const order = workflow<unknown>('order', { version: 1 })
  .screen(Approve)
  .then('close', (ctx) => ctx.answerOf(Approve).verdict);

const twice = workflow<unknown>('twice', { version: 1 }).parallel({
  one: (flow) => flow.screen(Approve, { id: 'first' }),
  two: (flow) => flow.screen(Approve, { id: 'second' }),
});

describe('a task of a run', () => {
  const ann = person('Ann');
  let engine: Engine;
  let tasks: TaskService;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [order, twice], providers: [Approve] });
    tasks = new TaskService(engine.pool, new ScreensOf(Verdict), engine.hints, new NoFeed());
  });
  afterAll(() => engine.close());

  const openTasks = async (workflow: string): Promise<{ runId: string; open: readonly TaskInShort[] }> => {
    const runId = await engine.start(workflow);
    await engine.waitFor(runId, RunStatus.waiting);
    return { runId, open: (await tasks.ofRuns(TENANT, [runId])).get(runId) ?? [] };
  };

  it('is opened by the run, and its answer goes on with it', async () => {
    const { runId, open } = await openTasks('order');
    expect(open).toMatchObject([{ status: 'open', title: 'Approve the order' }]);
    expect(await tasks.get(TENANT, open[0]?.id ?? '')).toMatchObject({ ...open[0], props: { total: 7 }, form: { type: 'object' } });
    await tasks.complete({ tenant: TENANT, id: open[0]?.id ?? '', actor: ann, expectedVersion: 1, answer: { verdict: 'yes' } });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('yes');
    expect((await engine.facts(runId)).find(({ type }) => type === 'task.completed')?.payload).toMatchObject({
      answer: { verdict: 'yes' },
      by: ann,
    });
  });

  it('stops its run when it is canceled, and the run’s other tasks are closed with it', async () => {
    const { runId, open } = await openTasks('twice');
    const [first, second] = open;
    await tasks.cancel({ tenant: TENANT, id: first?.id ?? '', actor: ann, expectedVersion: 1, reason: 'not ours' });
    await engine.waitFor(runId, RunStatus.canceled);
    expect((await tasks.ofRuns(TENANT, [runId])).get(runId)).toMatchObject([
      { id: first?.id, status: 'canceled', decidedBy: ann },
      { id: second?.id, status: 'canceled', decidedBy: null },
    ]);
    const late = await refusal(
      tasks.complete({ tenant: TENANT, id: second?.id ?? '', actor: ann, expectedVersion: 1, answer: { verdict: 'yes' } }),
    );
    expect(late).toMatchObject({ code: 'TASK_CLOSED', message: 'This task is already canceled.' });
  });
});
