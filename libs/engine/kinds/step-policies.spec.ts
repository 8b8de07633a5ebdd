import { type StepContext, type StepPolicies, workflow } from '@stepwell/sdk';
import { type DriverStepContext, RunDriver } from '../testing/run-driver.js';
import { timeline } from '../timeline/timeline.js';

type Code = (ctx: DriverStepContext) => unknown;

const begin = () => workflow<{ total: number }>('order', { version: 1 });
const flow = (code: Code, options: StepPolicies<{ total: number }> & { retry?: { attempts: number; backoff: string } }) =>
  begin().then('a', code as never, options);
const never: Code = (ctx) => ctx.resumeWhenComplete(ctx.createAsyncResult());
const silent = { settle: () => null };

function fail(message = 'no'): never {
  throw new Error(message);
}

const stepsOf = (driver: RunDriver) =>
  timeline({ facts: driver.database.journal, graph: driver.graph, status: driver.state.status, now: driver.now });

describe('when', () => {
  const skipping = (total: number) =>
    RunDriver.of(
      flow(() => 'big', { when: (ctx) => ctx.input.total > 100 }).then('b', (ctx) => [ctx.resultOf('a') ?? null, ctx.maybeResultOf('a') ?? null]), // prettier-ignore
      { input: { total } },
    );

  it('skips a step whose condition says no: it has no output, and the run goes on', async () => {
    const driver = skipping(1);
    await driver.settle();
    expect(driver.state.output).toEqual([null, null]);
    expect(driver.facts).toEqual(['run.started', 'step.skipped', 'step.completed', 'run.ended']);
    expect(driver.executions.get('a')).toBeUndefined();
    expect(stepsOf(driver)[0]).toMatchObject({ status: 'skipped', output: null, attempts: [] });
  });

  it('is asked once: a restart takes the same choice', async () => {
    let asked = 0;
    const driver = RunDriver.of(flow(() => 1, { when: () => ++asked === 1, delay: '1m' }));
    await driver.make('commit');
    driver.crash();
    await driver.settle();
    expect([asked, driver.state.output]).toEqual([1, 1]);
  });

  it('is not asked again by the retry of a run: what was skipped stays skipped', async () => {
    let isOn = false;
    const driver = RunDriver.of(flow(() => 'ran', { when: () => isOn }).then('b', ((ctx: DriverStepContext) => (ctx.generation === 0 ? fail() : (ctx.maybeResultOf('a') ?? 'skipped'))) as never)); // prettier-ignore
    await driver.settle();
    isOn = true;
    const retried = driver.retry();
    await retried.settle();
    expect(retried.state.output).toBe('skipped');
  });

  it('fails the run when it throws', async () => {
    const driver = RunDriver.of(flow(() => 1, { when: () => fail('typo') }));
    await driver.settle();
    expect(driver.state.fault?.message).toBe('"a" could not be evaluated: typo');
  });
});

describe('delay', () => {
  it.each(['1h', 'PT1H', (ctx: { input: { total: number } }) => `${ctx.input.total}m`])(
    'begins the first attempt later, by a durable timer, and no other attempt (%s)',
    async (delay) => {
      const begun: number[] = [];
      const code: Code = ({ attempt }) => (begun.push(driver.now), attempt < 2 ? fail() : 'done');
      const driver: RunDriver = RunDriver.of(flow(code, { delay, retry: { attempts: 2, backoff: '1s' } }), { input: { total: 60 } });
      await driver.make('commit');
      driver.crash();
      expect(driver.waits).toEqual([{ reason: 'timer', dueAt: 1_000 + 3_600_000 }]);
      await driver.settle();
      expect(begun).toEqual([3_601_000, 3_602_000]);
    },
  );
});

describe('deadline', () => {
  it('counts over all attempts, and its pauses, and fails the step', async () => {
    const driver = RunDriver.of(flow(() => fail(), { deadline: '1m', retry: { attempts: 9, backoff: '25s' } }));
    await driver.settle();
    expect(driver.now).toBe(61_000);
    expect(driver.executions.get('a')).toBe(2);
    expect(driver.state.fault).toMatchObject({ code: 'DEADLINE_PASSED', retryable: false });
  });

  it('passes while the step waits for somebody, and while nobody was there to see it', async () => {
    const driver = RunDriver.of(flow(never, { deadline: '1m' }), silent);
    await driver.make('let time pass');
    driver.now += 86_400_000;
    driver.crash();
    await driver.settle();
    expect(driver.facts).toEqual(['run.started', 'step.ready', 'attempt.suspended', 'deadline.passed', 'run.ended']);
  });

  it('passes while the handler runs, and what it still returns is not applied', async () => {
    const driver = RunDriver.of(flow(() => 'late', { deadline: { after: '1m', onBreach: ({ code }) => ({ code }) } }));
    await driver.make('begin a!1.0');
    driver.now += 60_000;
    await driver.make('evaluate a?deadline');
    await driver.make('finish a!1.0');
    await driver.settle();
    expect(driver.state.output).toEqual({ code: 'DEADLINE_PASSED' });
    expect(driver.facts).toEqual(['run.started', 'step.ready', 'deadline.passed', 'step.completed', 'run.ended']);
    expect(stepsOf(driver)[0]).toMatchObject({ status: 'completed', substitute: 'breach', error: null });
  });

  it('closes what the step has open on another queue', async () => {
    const driver = RunDriver.of(begin().then('a', () => 1, { deadline: '1m', queue: 'slow' }), { otherQueues: ['slow'] }); // prettier-ignore
    await driver.make('begin a!1.0');
    await driver.make('commit');
    driver.now += 60_000;
    await driver.settle();
    expect(driver.database.dispatches.size).toBe(0);
    expect(driver.state.fault?.code).toBe('DEADLINE_PASSED');
  });

  it('has its handler entered again after a crash, until its word is written down', async () => {
    let entered = 0;
    const driver = RunDriver.of(flow(never, { deadline: { after: '1m', onBreach: () => ++entered } }), silent);
    await driver.make('finish a!1.breach');
    driver.crash();
    await driver.settle();
    expect(driver.state.output).toBe(2);
  });

  it('fails the step when its handler throws, and says both', async () => {
    const driver = RunDriver.of(flow(never, { deadline: { after: '1m', onBreach: () => fail('no channel') } }), silent);
    await driver.settle();
    const message =
      'The time of step "a" is over: it may take 60000 ms with all its attempts and pauses. Its onBreach failed too: no channel';
    expect(driver.state.fault).toMatchObject({ code: 'DEADLINE_PASSED', message });
    expect(stepsOf(driver)[0]?.error?.message).toBe(message);
  });

  it('does not hold a person who retries an incident to it', async () => {
    let isMended = false;
    const driver = RunDriver.of(begin().then('a', (() => (isMended ? 'done' : fail())) as never, { deadline: '1m', onExhausted: 'park' }), { retries: false }); // prettier-ignore
    await driver.settle();
    driver.now += 3_600_000;
    await driver.settle();
    expect(driver.waits).toEqual([{ reason: 'incident', dueAt: undefined }]);
    isMended = true;
    driver.database.append('incident.retried', { incidents: [{ path: 'a', iteration: '', attempt: 1 }], by: null, reason: null });
    await driver.settle();
    expect(driver.state.output).toBe('done');
  });
});

describe('onFailure', () => {
  it('gives an output when the attempts are used up, which later steps read as any other', async () => {
    const onFailure: StepPolicies<{ total: number }>['onFailure'] = (failure, ctx) => ({ ...failure, total: ctx.input.total });
    const driver = RunDriver.of(
      flow(() => fail('no rate'), { onFailure, retry: { attempts: 2, backoff: '1s' } }).then('b', (ctx: StepContext<unknown>) => ctx.resultOf('a')),
      { input: { total: 7 } },
    ); // prettier-ignore
    await driver.settle();
    expect(driver.state.output).toEqual({ code: 'STEP_FAILED', message: 'no rate', attempt: 2, total: 7 });
    expect(stepsOf(driver)[0]).toMatchObject({ status: 'completed', substitute: 'failure', error: null, attempts: [{ status: 'failed' }, { status: 'failed' }] }); // prettier-ignore
  });

  it('fails the step when it throws, once, and says both', async () => {
    const driver = RunDriver.of(flow(() => fail(), { onFailure: () => fail('nor this') }));
    await driver.settle();
    expect(driver.facts).toEqual(['run.started', 'attempt.failed', 'stand-in.failed', 'run.ended']);
    expect(driver.state.fault?.message).toBe('no Its onFailure failed too: nor this');
  });

  it('has failed when it ends its process', async () => {
    const driver = RunDriver.of(flow(() => fail(), { onFailure: () => 1 }));
    await driver.make('begin a!1.failure');
    driver.crash();
    const fault = { code: 'PROCESS_ENDED', message: 'Out of memory.', retryable: false };
    driver.database.append('incident.opened', { path: 'a', iteration: '', attempt: 1, cause: 'poison', fault });
    await driver.make('read the inbox');
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'failed', fault: { message: 'no Its onFailure failed too: Out of memory.' } });
  });

  it('stands in for a step whose time was over, when nothing else does', async () => {
    const driver = RunDriver.of(flow(never, { deadline: '1m', onFailure: ({ code }) => code }), silent);
    await driver.settle();
    expect(driver.state.output).toBe('DEADLINE_PASSED');
  });
});
