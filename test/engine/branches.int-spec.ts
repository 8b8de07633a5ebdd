/** A fail-fast parallel inside a collect-all: its failure closes what its branches have open in the database, and the run goes on. */
import { RunStatus } from '@stepwell/contracts';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { type Engine, startEngine } from './engine.js';

class Answer {}

@Screen({ id: 'review', title: 'Review' })
class Review implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

/** Resolves when somebody calls `open`. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('branches that are canceled', () => {
  let engine: Engine;
  const everythingIsOpen = gate();
  const slowMayReturn = gate();
  let signal: AbortSignal | undefined;

  const nested = workflow<unknown>('nested', { version: 1 }).parallel(
    {
      inner: (flow) =>
        flow.parallel({
          person: (branch) => branch.screen(Review),
          elsewhere: (branch) => branch.then('far', () => 1, { queue: 'nobody-serves-this' }),
          slow: (branch) =>
            branch.then('slow', async (ctx) => {
              signal = ctx.signal;
              await slowMayReturn.opened;
              return 'too late';
            }),
          failing: (branch) =>
            branch.then('fails', async () => {
              await everythingIsOpen.opened;
              throw new Error('no stock');
            }),
        }),
      outer: (flow) => flow.screen(Review, { id: 'other-review' }),
    },
    { mode: 'collect-all' },
  );

  beforeAll(async () => {
    engine = await startEngine({ workflows: [nested], providers: [Review] });
  });
  afterAll(() => engine.close());

  const open = async (table: 'tasks' | 'dispatches', runId: string) => {
    const condition = table === 'tasks' ? "AND status = 'open'" : '';
    return (await engine.query<{ path: string }>(`SELECT path FROM ${table} WHERE run_id = $1 ${condition} ORDER BY path`, [runId])).map((row) => row.path); // prettier-ignore
  };

  it('leave no task, no dispatch and no attempt behind', async () => {
    const id = await engine.start('nested');
    while ((await open('dispatches', id)).length === 0 || (await open('tasks', id)).length < 2) await engine.row(id);
    everythingIsOpen.open();
    while (!(await engine.types(id)).includes('branches.canceled')) await engine.row(id);

    expect(await open('tasks', id)).toEqual(['parallel-1/outer/other-review']);
    expect(await open('dispatches', id)).toEqual([]);
    expect(signal?.aborted).toBe(true);
    expect(await engine.query('SELECT kind FROM task_history h JOIN tasks t ON t.id = h.task_id WHERE t.run_id = $1 AND t.screen = $2 ORDER BY h.id', [id, 'review'])).toEqual([{ kind: 'opened' }, { kind: 'canceled' }]); // prettier-ignore

    slowMayReturn.open();
    await engine.answer(id, {});
    await engine.waitFor(id, RunStatus.completed);
    expect(await engine.output(id)).toEqual({
      inner: { status: 'failed', error: { code: 'STEP_FAILED', message: 'no stock' } },
      outer: { status: 'completed', output: {} },
    });
    expect(await engine.types(id)).not.toContain('step.completed');
  });
});
