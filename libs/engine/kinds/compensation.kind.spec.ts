import { definitionOf, type Flow, type ReadContext, Step, type StepContext, type StepHandler, type Undo, workflow } from '@stepwell/sdk';
import { apply } from '../apply.js';
import { decide } from '../decide.js';
import type { Fact } from '../facts/fact.js';
import { compile } from '../graph/compile.js';
import { emptyState } from '../run-state.js';
import { timeline } from '../timeline/timeline.js';
import { type DriverStepContext, RunDriver } from '../testing/run-driver.js';

const undone: unknown[] = [];
let isStuck = false;

@Step({ id: 'charge' })
class Charge implements StepHandler<{ charge: string }> {
  run({ params }: Pick<StepContext<unknown, { card: string }>, 'params'>) {
    return { charge: params.card };
  }
}

@Step({ id: 'refund', retry: { attempts: 2, backoff: '10s' } })
class Refund implements StepHandler<unknown> {
  run({ params }: Pick<StepContext<unknown, Undo<{ charge: string }, { card: string }>>, 'params'>) {
    if (isStuck) throw new Error('no such charge');
    undone.push(params);
    return { refunded: params.output.charge };
  }
}

@Step({ id: 'call-back' })
class CallBack implements StepHandler<unknown> {
  run({ params }: Pick<StepContext<unknown, Undo>, 'params'>) {
    undone.push(params.output);
    return null;
  }
}

@Step({ id: 'hold' })
class Hold implements StepHandler<string> {
  run({ params }: Pick<StepContext<unknown, { seat: string }>, 'params'>) {
    return params.seat;
  }
}

@Step({ id: 'let-go' })
class LetGo implements StepHandler<unknown> {
  run({ params }: Pick<StepContext<unknown, Undo>, 'params'>) {
    undone.push(params.params);
    return null;
  }
}

const begin = () => workflow<unknown>('order', { version: 1 });
const charge = (flow: Flow<unknown>) => flow.then(Charge as never, { params: () => ({ card: 'visa' }), compensate: Refund } as never);
const told = (id: string) => (flow: Flow<unknown>) => flow.then(id, () => id, { compensate: CallBack });
/** In each turn one is picked and held. */
const seats = (flow: Flow<unknown>, turns: number, when: (ctx: ReadContext) => boolean = () => true) =>
  flow.loop<string>(
    (turn, previousOf) =>
      turn
        .then('pick', (ctx) => `seat ${ctx.index}`)
        .then(Hold, {
          when,
          params: (ctx: ReadContext) => ({ seat: ctx.resultOf<string>('pick'), before: previousOf(ctx) }),
          compensate: LetGo,
        } as never),
    { maxIterations: turns },
  );
const fails = (flow: Flow<unknown>, id = 'fails') =>
  flow.then(id, () => {
    throw new Error('no');
  });
const endOf = async (driver: RunDriver) => {
  await driver.settle();
  expect(driver.hasEnded).toBe(true);
  return driver;
};

beforeEach(() => {
  undone.length = 0;
  isStuck = false;
});

describe('a compensation', () => {
  it('is not executed when the run completes', async () => {
    const driver = await endOf(RunDriver.of(charge(begin())));
    expect(driver.state).toMatchObject({ status: 'completed', output: { charge: 'visa' } });
    expect(undone).toEqual([]);
  });

  it('undoes what has completed when the run fails, the last first, with output and params', async () => {
    const driver = await endOf(RunDriver.of(fails(told('pack')(charge(begin())))));
    expect(driver.state).toMatchObject({ status: 'failed', fault: { message: 'no', path: 'fails' } });
    expect(undone).toEqual(['pack', { output: { charge: 'visa' }, params: { card: 'visa' } }]);
    expect(driver.facts.slice(-4)).toEqual(['ending.began', 'step.completed', 'step.completed', 'run.ended']);
  });

  it('follows the order of the journal, in branches and loops', async () => {
    const flow = begin().parallel({
      a: (branch) => told('late')(branch.wait('1m')),
      b: (branch) => branch.forEach(() => [1, 2], (each) => each.then('step', (ctx) => `item ${String(ctx.item)}`, { compensate: CallBack })), // prettier-ignore
      c: (branch) => fails(branch.wait('1h')),
    });
    await endOf(RunDriver.of(flow));
    expect(undone).toEqual(['late', 'item 2', 'item 1']);
  });

  it('goes on where it stood after a crash, and records each undo once', async () => {
    const driver = RunDriver.of(fails(told('c')(told('b')(told('a')(begin())))));
    for (let count = 0; !driver.hasEnded && count < 300; count++) {
      await driver.moves()[0]?.make();
      if (count % 5 === 0) driver.crash();
    }
    const order = driver.database.journal.filter(({ type, path }) => type === 'step.completed' && path.endsWith('/undo'));
    expect(order.map(({ path }) => path)).toEqual(['c/undo', 'b/undo', 'a/undo']);
  });

  it('is executed when the run is canceled, after what has to be left first; a forced cancel gives it up', async () => {
    const flow = () => told('pack')(begin()).try((body) => body.wait('1h'), { finally: (last) => told('release')(last) });
    for (const isForced of [false, true]) {
      undone.length = 0;
      const driver = RunDriver.of(flow());
      await driver.make('evaluate try-1?enter');
      await driver.make('commit');
      driver.database.append('cancel.requested', { reason: null, by: null, isForced });
      await endOf(driver);
      expect(driver.state.status).toBe('canceled');
      expect(undone).toEqual(isForced ? [] : ['release', 'pack']);
    }
  });

  it('is not brought about by a failure that was caught', async () => {
    const driver = await endOf(RunDriver.of(begin().try((body) => fails(told('pack')(body)), { catch: (failed) => failed.wait('1m') })));
    expect([driver.state.status, undone]).toEqual(['completed', []]);
  });

  it('is an incident when it is out of attempts: it is retried, or somebody has dealt with it, and the run ends after it', async () => {
    for (const happened of [false, true]) {
      undone.length = 0;
      isStuck = true;
      const driver = RunDriver.of(fails(charge(told('pack')(begin()))));
      await driver.settle();
      expect(driver.waits).toEqual([{ reason: 'incident', dueAt: undefined }]);
      const incident = driver.database.journal.at(-1);
      expect(incident).toMatchObject({ type: 'incident.opened', path: 'charge/undo', payload: { cause: 'undo-failed' } });
      isStuck = false;
      const at = { path: 'charge/undo', iteration: '', attempt: incident?.attempt ?? 0 };
      driver.database.append('incident.resolved', { ...at, happened, output: null, by: null, reason: null });
      await endOf(driver);
      expect(driver.state.status).toBe('failed');
      expect(undone.length).toBe(happened ? 1 : 2);
      expect(undone.at(-1)).toBe('pack');
    }
  });

  it('leaves a failed run failed when a cancel comes meanwhile', async () => {
    isStuck = true;
    const driver = RunDriver.of(fails(charge(begin())));
    await driver.settle();
    driver.database.append('cancel.requested', { reason: null, by: null });
    await driver.settle();
    expect(driver.hasEnded).toBe(false);
    driver.database.append('cancel.requested', { reason: null, by: null, isForced: true });
    await endOf(driver);
    expect(driver.state.status).toBe('failed');
  });

  it('lets the retry of the run do again what was undone, and count it', async () => {
    let isBroken = true;
    const flow = charge(told('pack')(begin()).then('note', () => 'noted')).then('book', (() => (isBroken ? JSON.parse('{') : 'booked')) as never); // prettier-ignore
    const first = await endOf(RunDriver.of(flow));
    isBroken = false;
    const second = await endOf(first.retry());
    expect(second.state).toMatchObject({ status: 'completed', output: 'booked' });
    expect([...second.executions.keys()]).toEqual(['pack', 'charge', 'book']);
    expect(Object.fromEntries(second.state.undone)).toEqual({ pack: 1, charge: 1 });
  });

  it('may suspend, as a step may', async () => {
    @Step({ id: 'slow-undo' })
    class SlowUndo implements StepHandler<unknown> {
      run(ctx: StepContext) {
        const { isResumed, suspendFor } = ctx as unknown as DriverStepContext;
        return isResumed ? null : suspendFor(60_000);
      }
    }
    const driver = await endOf(RunDriver.of(fails(begin().then('a', () => 1, { compensate: SlowUndo as never })))); // prettier-ignore
    expect([driver.now, driver.state.status]).toEqual([61_000, 'failed']);
  });

  it('undoes all turns of a loop, those too that it has left, each with what its turn and the one before came to', async () => {
    const driver = await endOf(RunDriver.of(fails(seats(begin(), 5))));
    expect(undone).toEqual([4, 3, 2, 1, 0].map((turn) => ({ seat: `seat ${turn}`, ...(turn > 0 ? { before: `seat ${turn - 1}` } : {}) })));
    expect([driver.state.status, driver.state.kept.size]).toEqual(['failed', 0]);
  });

  it('does so for a thousand turns, and keeps them until then', () => {
    const graph = compile(definitionOf(seats(begin(), 1_000).then('book', () => null)));
    const state = emptyState();
    const tell = (type: string, path: string, iteration: string, payload: object) =>
      apply(state, { seq: state.lastSeq + 1, type, version: 1, path, iteration, attempt: 1, payload, at: 0 } as Fact);
    tell('run.started', '', '', { input: null });
    tell('loop.turned', 'loop-1', '', { finished: 0, ending: null, dueAt: null, undoable: ['loop-1/turn/hold'] });
    for (let turn = 0; turn < 1_000; turn++) {
      for (const id of ['pick', 'hold']) tell('step.completed', `loop-1/turn/${id}`, String(turn), { output: turn });
      tell('loop.turned', 'loop-1', '', { finished: turn + 1, ending: turn === 999 ? 'count' : null, dueAt: null });
    }
    expect([state.nodes.size, state.kept.size]).toEqual([3, 1_998]);
    tell('attempt.failed', 'book', '', { fault: { code: 'STEP_FAILED', message: 'no', retryable: false }, retryAt: null });
    const order: string[] = [];
    for (let action = decide(graph, state, 0).actions[0]; action?.type !== 'end'; action = decide(graph, state, 0).actions[0]) {
      if (action?.type === 'execute') {
        order.push(action.iteration);
        tell('step.completed', action.node.path, action.iteration, { output: null });
      } else if (action?.type === 'record') for (const fact of action.facts) tell(fact.type, '', '', fact.payload as object);
      else throw new Error('Nothing goes on.');
    }
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, index) => String(999 - index)));
  });

  it('lets the retry of the run go back to the first turn that was undone; what has no undo stays as it is', async () => {
    let isBroken = true;
    const flow = begin().loop((outer) => seats(outer, 3, (ctx) => ctx.index > 0), { maxIterations: 2 }).then('book', (() => (isBroken ? JSON.parse('{') : 'booked')) as never); // prettier-ignore
    const first = await endOf(RunDriver.of(flow));
    expect(undone).toHaveLength(4);
    isBroken = false;
    const second = await endOf(first.retry());
    expect(second.state.output).toBe('booked');
    const turns = ['0.1', '0.2', '1.1', '1.2'];
    expect([...second.executions.keys()]).toEqual([...turns.map((turn) => `loop-1/turn/loop-2/turn/hold#${turn}`), 'book']);
    const retried = second.database.journal.find(({ type }) => type === 'retry.started');
    expect((retried?.payload as { reopened: unknown[] }).reopened.slice(0, 3)).toEqual([
      { path: 'loop-1/turn/loop-2', iteration: '1', turns: 1 },
      { path: 'loop-1', iteration: '', turns: 0 },
      { path: 'loop-1/turn/loop-2', iteration: '0', turns: 1 },
    ]);
  });

  it('is shown in the timeline below its step', async () => {
    const driver = await endOf(RunDriver.of(fails(told('pack')(begin()))));
    const steps = timeline({ facts: driver.database.journal, graph: driver.graph, status: 'failed', now: 0 });
    expect(steps.map(({ path, kind, nodeId, status }) => [path, kind, nodeId, status])).toContainEqual(['pack/undo', 'compensation', 'pack.undo', 'completed']); // prettier-ignore
  });
});

describe('a scope that undoes', () => {
  it('is a try that asks for it: what its branch had done is undone before the catch, once, and nothing around it', async () => {
    const flow = told('before')(begin()).try((body) => fails(told('b')(told('a')(body))), {
      compensate: true,
      catch: (failed) => failed.then('note', (ctx) => (undone.push(ctx.error.path), null)),
    });
    const driver = await endOf(RunDriver.of(flow));
    expect([driver.state.status, undone]).toEqual(['completed', ['b', 'a', 'try-1/try/fails']]);
    undone.length = 0;
    await endOf(RunDriver.of(fails(flow, 'later')));
    expect(undone).toEqual(['b', 'a', 'try-1/try/fails', 'before']);
  });

  it('is a race whose losers are undone when it is won, before it goes on', async () => {
    const race = (flow: Flow<unknown>) =>
      flow.race({ slow: (branch) => told('lost')(branch).wait('1h'), fast: (branch) => told('won')(branch.wait('1m')) }, { compensateLosers: true }); // prettier-ignore
    const driver = await endOf(RunDriver.of(race(begin()).then('after', () => undone.join())));
    expect([driver.state.output, driver.now]).toEqual(['lost', 61_000]);
    undone.length = 0;
    await endOf(RunDriver.of(fails(race(begin()))));
    expect(undone).toEqual(['lost', 'won']);
  });

  it('undoes to the end what it has begun to, when it is canceled meanwhile, and before its finally', async () => {
    isStuck = true;
    const undoing = (branch: Flow<unknown>) => branch.try((body) => fails(charge(told('pack')(body))), { compensate: true, finally: told('last') }); // prettier-ignore
    const flow = begin().try((body) => body.parallel({ a: undoing, b: (branch) => fails(branch.wait('1h'), 'other') }), {
      catch: (failed) => failed.then('caught', () => undone.push('caught')),
    });
    const driver = RunDriver.of(flow);
    await driver.settle();
    expect(driver.waits).toEqual([{ reason: 'incident', dueAt: undefined }]);
    isStuck = false;
    const { path, iteration, attempt } = driver.database.journal.findLast(({ type }) => type === 'incident.opened') ?? { attempt: 0 };
    driver.database.append('incident.retried', { incidents: [{ path, iteration, attempt }] as never, by: null, reason: null });
    await endOf(driver);
    expect([driver.state.status, undone.slice(0, 2)]).toEqual(['completed', [{ output: { charge: 'visa' }, params: { card: 'visa' } }, 'pack']]); // prettier-ignore
    expect(undone.at(-1)).toBe('caught');
  });

  it('undoes to the end what it has begun to in a branch that its race does not need any more', async () => {
    isStuck = true;
    const undoing = (branch: Flow<unknown>) => branch.try((body) => fails(charge(body)), { compensate: true, catch: told('noted') });
    const driver = RunDriver.of(begin().race({ undoing, fast: (branch) => branch.wait('5s') }));
    await driver.settle();
    expect([driver.facts.includes('race.won'), driver.waits]).toEqual([true, [{ reason: 'incident', dueAt: undefined }]]);
  });

  it('is gone through by the retry of the run: what it has undone stays so', async () => {
    let isBroken = true;
    const flow = begin()
      .try((body) => fails(told('pack')(body)), { compensate: true, catch: (failed) => failed.then('note', () => 'noted') })
      .then('book', (() => (isBroken ? JSON.parse('{') : 'booked')) as never);
    const first = await endOf(RunDriver.of(flow));
    isBroken = false;
    const second = await endOf(first.retry());
    expect([second.state.output, [...second.executions.keys()], undone]).toEqual(['booked', ['book'], ['pack']]);
  });
});
