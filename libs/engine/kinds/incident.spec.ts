/** A step that is out of attempts and parked: its run waits for a person, who has it retried in place. */
import { type Flow, workflow } from '@stepwell/sdk';
import { incidentsOf } from '../timeline/incidents.js';
import { timeline } from '../timeline/timeline.js';
import { type DriverStepContext, RunDriver } from '../testing/run-driver.js';

const PARKED = { retry: { attempts: 2, backoff: '10s' }, onExhausted: 'park' } as const;
const begin = () => workflow<unknown>('order', { version: 1 });
const failing = (until: number) => (ctx: DriverStepContext) => {
  if (ctx.attempt < until) throw new Error(`no ${ctx.attempt}`);
  return ctx.attempt;
};
const flow = (until: number) => begin().then('a', failing(until) as never, PARKED);

const retry = (driver: RunDriver) => {
  const incidents = incidentsOf(driver.database.journal).map(({ path, iteration, attempt }) => ({ path, iteration, attempt }));
  driver.database.append('incident.retried', { incidents, by: null, reason: null });
};

describe('a step that is parked', () => {
  it('leaves its run waiting, with the fault of its last attempt', async () => {
    const driver = RunDriver.of(flow(9));
    await driver.settle();
    expect(driver.state.status).toBe('running');
    expect(driver.waits).toEqual([{ reason: 'incident', dueAt: undefined }]);
    expect(incidentsOf(driver.database.journal)).toMatchObject([
      { path: 'a', attempt: 2, cause: 'attempts-exhausted', fault: { code: 'STEP_FAILED', message: 'no 2' } },
    ]);
    expect(driver.facts).toEqual(['run.started', 'attempt.failed', 'attempt.failed', 'incident.opened']);
  });

  it('has all its attempts again once it is retried, under new numbers', async () => {
    const driver = RunDriver.of(flow(9));
    await driver.settle();
    retry(driver);
    await driver.settle();
    expect(incidentsOf(driver.database.journal)).toMatchObject([{ attempt: 4, fault: { message: 'no 4' } }]);
    expect(driver.executions.get('a')).toBe(4);
  });

  it('goes on when an attempt succeeds', async () => {
    const driver = RunDriver.of(flow(4));
    await driver.settle();
    retry(driver);
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'completed', output: 4 });
    const [step] = timeline({ facts: driver.database.journal, graph: driver.graph, status: 'completed', now: driver.now });
    expect(step).toMatchObject({
      status: 'completed',
      error: null,
      attempts: [{ number: 1 }, { number: 2 }, { number: 3 }, { number: 4 }],
    });
  });

  it('is retried once by two people who retry it at once', async () => {
    const driver = RunDriver.of(flow(9));
    await driver.settle();
    retry(driver);
    retry(driver);
    await driver.settle();
    expect(driver.facts.filter((type) => type === 'incident.retried' || type === 'message.ignored')).toEqual([
      'incident.retried',
      'message.ignored',
    ]);
    expect(driver.executions.get('a')).toBe(4);
  });

  it('holds up nothing beside it, and is closed by the failure of another branch', async () => {
    const beside = (branch: 'collect-all' | 'fail-fast') =>
      begin().parallel({ parked: (one) => one.then('a', failing(9) as never, PARKED), other: (one) => one.wait('1m').then('b', () => { if (branch === 'fail-fast') throw new Error('b'); }) }, { mode: branch }); // prettier-ignore
    const driver = RunDriver.of(beside('collect-all'));
    await driver.settle();
    expect(driver.facts.at(-1)).toBe('step.completed');
    expect(driver.waits.map(({ reason }) => reason)).toEqual(['incident']);
    const failed = RunDriver.of(beside('fail-fast'));
    await failed.settle();
    expect(failed.state).toMatchObject({ status: 'failed', fault: { message: 'b' } });
    expect(incidentsOf(failed.database.journal)).toEqual([]);
  });

  it('ends with a canceled run', async () => {
    const driver = RunDriver.of(flow(9));
    await driver.settle();
    driver.database.append('cancel.requested', { reason: 'enough', by: null });
    await driver.settle();
    expect(driver.state.status).toBe('canceled');
    expect(incidentsOf(driver.database.journal)).toEqual([]);
  });
});

describe('an incident that somebody else opens', () => {
  const poison = {
    path: 'a',
    iteration: '',
    attempt: 1,
    cause: 'poison',
    fault: { code: 'STEP_FAILED', message: 'SIGSEGV', retryable: false },
  };

  it('stops the step although it has attempts left, and is retried like any other', async () => {
    const driver = RunDriver.of(begin().then('a', failing(2) as never, { retry: { attempts: 9 } }));
    await driver.make('begin a!1.0');
    driver.database.append('incident.opened', poison);
    driver.crash();
    await driver.make('read the inbox');
    await driver.settle();
    expect(incidentsOf(driver.database.journal)).toMatchObject([{ cause: 'poison', attempt: 1, fault: { message: 'SIGSEGV' } }]);
    retry(driver);
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'completed', output: 2 });
  });

  it('is nothing to a step that has ended meanwhile', async () => {
    const driver = RunDriver.of(
      begin()
        .then('a', () => 1)
        .wait('1h'),
    );
    await driver.make('finish a!1.0');
    driver.database.append('incident.opened', poison);
    await driver.make('read the inbox');
    expect(driver.state.nodes.get('a', '')?.phase).toBe('completed');
  });

  it('is nothing to a step that has failed meanwhile, when it is about its handler: what it failed of stays', async () => {
    const fails = (flow: Flow<unknown>) => flow.then('a', failing(9) as never);
    const driver = RunDriver.of(begin().parallel({ one: fails, two: (flow) => flow.wait('1h') }, { mode: 'collect-all' }));
    const path = 'parallel-1/one/a';
    await driver.make(`finish ${path}!1.0`);
    driver.database.append('incident.opened', { ...poison, path, standIn: null });
    await driver.make('read the inbox');
    expect(driver.state.nodes.get(path, '')).toMatchObject({ phase: 'failed', fault: { message: 'no 1' } });
    expect(driver.state.nodes.get(path, '')?.hasStandInFailed).toBeUndefined();
  });
});
