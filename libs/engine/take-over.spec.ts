import { cancelBy, type EscalatedTask, event, Screen, Step, type StepHandler, workflow } from '@stepwell/sdk';
import { forkAt } from './fork.js';
import { takeOver } from './take-over.js';
import { timeline } from './timeline/timeline.js';
import { type DriverStepContext, LET_TIME_PASS, RunDriver } from './testing/run-driver.js';

const begin = () => workflow<unknown>('order', { version: 1 });
const breaks = ((ctx: DriverStepContext) => {
  if (ctx.generation === 0) throw new Error('no');
  return 'mended';
}) as never;

const ended = async (flow: Parameters<typeof RunDriver.of>[0], options: Parameters<typeof RunDriver.of>[1] = {}) => {
  const driver = RunDriver.of(flow, options);
  await driver.settle();
  return driver;
};
const retried = async (driver: RunDriver) => {
  const retry = driver.retry();
  await retry.settle();
  return retry;
};

@Screen({ id: 'approve', title: 'Approve' })
class Approve {
  readonly answer = class {};
  props() {
    return null;
  }
}
@Step({ id: 'hand-on' })
class HandOn implements StepHandler<{ assign: { assignee: string } }, unknown, EscalatedTask> {
  run({ params: { taskId } }: { params: EscalatedTask }) {
    return { assign: { assignee: `who has ${taskId}` } };
  }
}
@Step({ id: 'page', externalEffect: true })
class Page implements StepHandler<{ assign: { assignee: string } }, unknown, EscalatedTask> {
  run({ params: { taskId } }: { params: EscalatedTask }) {
    return { assign: { assignee: `who has ${taskId}` } };
  }
}
@Step({ id: 'breaks' })
class Breaks implements StepHandler<null> {
  run(): null {
    throw new Error('no');
  }
}
const HANDLER = 'parallel-1/open/approve/escalation-1/approve-escalation-1';

describe('the retry of an ended run', () => {
  it('begins with what had been done, and goes on at the step that failed', async () => {
    const retry = await retried(
      await ended(
        begin()
          .then('a', () => 1)
          .then('b', breaks)
          .then('c', () => 3),
      ),
    );
    expect(retry.facts).toEqual(['run.started', 'step.completed', 'attempt.failed', 'retry.started', 'step.completed', 'step.completed', 'run.ended']); // prettier-ignore
    expect([...retry.executions.keys()]).toEqual(['b', 'c']);
    expect(retry.state).toMatchObject({ status: 'completed', output: 3, fault: undefined });
  });

  it('shows what it has taken over as such, and what begins anew without its past', async () => {
    const flow = begin().parallel({ one: (one) => one.then('a', () => 1), two: (two) => two.then('b', breaks) });
    const retry = await retried(await ended(flow));
    const steps = timeline({ facts: retry.database.journal, graph: retry.graph, status: 'completed', now: retry.now });
    expect(steps.map(({ nodeId, status, isTakenOver, attempts }) => [nodeId, status, isTakenOver, attempts.length])).toEqual([
      ['parallel-1', 'completed', false, 0],
      ['a', 'completed', true, 1],
      ['b', 'completed', false, 1],
    ]);
  });

  it('opens again what the failure of another branch had closed', async () => {
    const flow = begin().parallel({ failing: (one) => one.then('a', breaks), open: (two) => two.wait('1m').then('b', () => 2) });
    const failed = await ended(flow);
    expect(failed.executions.has('b')).toBe(false);
    expect((await retried(failed)).state.output).toEqual({ failing: 'mended', open: 2 });
  });

  it('goes over the list as it was, and its finished items stay', async () => {
    let asked = 0;
    const flow = begin().forEach(() => (asked++, ['x', 'y']), (one) => one.then('each', ((ctx: DriverStepContext) => (ctx.index === 1 ? (breaks as (of: DriverStepContext) => string)(ctx) : ctx.item)) as never)); // prettier-ignore
    const retry = await retried(await ended(flow));
    expect(retry.state.output).toEqual(['x', 'mended']);
    expect([asked, [...retry.executions.keys()]]).toEqual([1, ['for-each-1/each/each#1']]);
  });

  it('leaves alone what a race has closed that was still being left, but for what is to be left', async () => {
    const driver = RunDriver.of(
      begin().race({
        quick: (flow) => flow.wait('1m'),
        slow: (flow) =>
          flow.parallel({
            open: (one) => one.waitForEvent(event<object>('paid', { external: true }), { id: 'paid' }),
            held: (two) => two.cancellationScope((inner) => inner.wait('1h', { id: 'held' })),
          }),
      }),
      { sends: false },
    );
    while (!driver.facts.includes('race.won')) {
      const moves = driver.moves();
      await (moves.find(({ name }) => name !== 'let time pass') ?? moves[0])?.make();
    }
    driver.database.append('cancel.requested', { reason: null, by: null, isForced: true });
    await driver.make('read the inbox');
    while (!driver.hasEnded) await driver.make('commit');
    const { reopened } = takeOver(driver.graph, driver.database.journal).begun;
    expect(reopened.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))).toEqual(['held']);
  });

  it('leaves a failure alone that has become an output', async () => {
    const flow = begin()
      .parallel(
        {
          bad: (one) =>
            one.then('a', () => {
              throw new Error('always');
            }),
          good: (two) => two.then('b', () => 2),
        },
        { mode: 'collect-all' },
      ) // prettier-ignore
      .then('c', breaks);
    const retry = await retried(await ended(flow));
    expect([...retry.executions.keys()]).toEqual(['c']);
  });

  it('asks anew where author code could not be evaluated', async () => {
    let broken = true;
    const flow = begin().emit(event<number>('e'), () => { if (broken) throw new Error('no'); return 1; }); // prettier-ignore
    const failed = await ended(flow);
    expect(failed.state.status).toBe('failed');
    broken = false;
    expect((await retried(failed)).database.events).toHaveLength(1);
  });

  it('waits for no event again that the ended run had taken, and listens anew for what cancels it', async () => {
    const Paid = event<object>('paid', { external: true });
    const Gone = event<object>('gone', { external: true });
    const taken = await retried(await ended(begin().waitForEvent(Paid, { id: 'paid' }).then('b', breaks)));
    expect(taken.facts.filter((type) => type.startsWith('event'))).toEqual(['event-wait.started', 'event.arrived', 'event.consumed']);

    const flow = workflow<unknown>('order', { version: 1, cancelOn: [cancelBy(Gone, () => ({}))] })
      .then('b', breaks)
      .wait('1h');
    const listening = (await ended(flow, { sends: false })).retry();
    await listening.make('let time pass');
    expect([...listening.database.waits.values()]).toMatchObject([{ event: 'gone', since: 'start' }]);
  });

  it('opens a screen again with an escalation that has not run', async () => {
    const flow = begin().parallel({
      failing: (one) => one.wait('2h').then('a', breaks),
      open: (two) => two.screen(Approve, { escalate: [{ after: '1h', run: HandOn }] }),
    });
    const failed = RunDriver.of(flow);
    await unanswered(failed);
    expect([failed.state.status, failed.executions.get(HANDLER)]).toEqual(['failed', 1]);
    const retry = failed.retry();
    await unanswered(retry);
    expect(retry.executions.get(HANDLER)).toBe(1);
    expect([...retry.database.tasks.values()].map(({ id, assignment }) => [id, assignment?.assignee])).toEqual([
      [
        retry.state.nodes.get('parallel-1/open/approve', '')?.taskId,
        `who has ${retry.state.nodes.get('parallel-1/open/approve', '')?.taskId}`,
      ],
    ]);
  });
});

it('makes no effect outside again that the escalation of such a screen has made, and does to the new task nothing that was said of the former', async () => {
  const failed = RunDriver.of(
    begin().parallel({
      failing: (one) => one.wait('2h').then('a', breaks),
      open: (two) => two.screen(Approve, { escalate: [{ after: '1h', run: Page }] }),
    }),
  );
  await unanswered(failed);
  const retry = failed.retry();
  await unanswered(retry);
  expect([failed.executions.get(HANDLER), retry.executions.get(HANDLER)]).toEqual([1, undefined]);
  const escalated = (driver: RunDriver) =>
    driver.database.journal.flatMap(({ type, payload }) => (type === 'task.escalated' ? [(payload as { as?: string }).as] : []));
  expect([escalated(failed), escalated(retry)]).toEqual([['assign'], ['assign', undefined]]);
  expect([...retry.database.tasks.values()].map(({ assignment }) => assignment ?? null)).toEqual([null]);
});

describe('a fork from where a screen was open', () => {
  const reopened = async (run: typeof HandOn | typeof Breaks, mode: 'race' | 'parallel') => {
    const branches = {
      late: (one: ReturnType<typeof begin>) => one.wait('2h'),
      open: (two: ReturnType<typeof begin>) => two.screen(Approve, { escalate: [{ after: '1h', run }] }),
    };
    const driver = RunDriver.of(mode === 'race' ? begin().race(branches) : begin().parallel(branches));
    await unanswered(driver);
    const behind = driver.database.journal.findIndex(({ type }) => type === 'task.escalated') + 1;
    return forkAt(driver.graph, driver.database.journal, { behind })?.begun.reopened.map(({ path }) => path.split('/').slice(2).join('/'));
  };

  it.each([
    [HandOn, 'parallel'],
    [Breaks, 'race'],
  ] as const)('begins its escalation anew: %p in a %s', async (run, mode) => {
    expect(await reopened(run, mode)).toEqual(expect.arrayContaining(['approve', 'approve/escalation-1/approve-escalation-1']));
  });
});

/** Nobody answers a task; nothing comes but what is due. */
async function unanswered(driver: RunDriver): Promise<void> {
  for (;;) {
    const moves = driver.moves().filter(({ name }) => !name.startsWith('answer'));
    const move = moves.find(({ name }) => name !== LET_TIME_PASS) ?? moves[0];
    if (!move) return;
    await move.make();
  }
}
