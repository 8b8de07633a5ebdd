import { type AttemptError, type RetryContext, type RetryOptions, Step, type StepHandler, TerminalError, workflow } from '@stepwell/sdk';
import { type DriverStepContext, RunDriver } from '../testing/run-driver.js';

type Code = (ctx: DriverStepContext) => unknown;

const flow = (code: Code, options: Parameters<ReturnType<typeof begin>['then']>[2] = {}) => begin().then('a', code as never, options);
const begin = () => workflow<unknown>('order', { version: 1 });

function fail(message = 'no'): never {
  throw new Error(message);
}

describe('a step', () => {
  it('fails at its first failure, unless the author asks for more attempts', async () => {
    const driver = RunDriver.of(flow(() => fail()));
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'failed', fault: { code: 'STEP_FAILED', message: 'no' } });
    expect(driver.executions.get('a')).toBe(1);
  });

  it('waits twice as long before each further attempt, up to a maximum, and by a durable timer', async () => {
    const begun: number[] = [];
    const driver: RunDriver = RunDriver.of(
      flow(() => (begun.push(driver.now), fail()), { retry: { attempts: 5, backoff: '10s', maxBackoff: '30s' } }),
    );
    for (let count = 0; count < 200 && !driver.hasEnded; count++) {
      await driver.moves()[0]?.make();
      if (driver.possible[0] === 'let time pass') driver.crash();
    }
    expect(begun.map((at) => at - 1_000)).toEqual([0, 10_000, 30_000, 60_000, 90_000]);
    expect(driver.state.status).toBe('failed');
  });

  it('goes on with the attempt that succeeds', async () => {
    const driver = RunDriver.of(flow((ctx) => (ctx.attempt < 3 ? fail() : ctx.attempt), { retry: { attempts: 3 } }));
    await driver.settle();
    expect(driver.state.output).toBe(3);
    expect(driver.facts).toEqual(['run.started', 'attempt.failed', 'attempt.failed', 'step.completed', 'run.ended']);
  });

  it('is run again, as the same attempt, when the worker died before its output was durable', async () => {
    const driver = RunDriver.of(flow((ctx) => ctx.attempt));
    await driver.make('finish a!1.0');
    driver.crash();
    await driver.settle();
    expect(driver.executions.get('a')).toBe(2);
    expect(driver.state.output).toBe(1);
  });

  it('passes params, computed from the run, to its handler', async () => {
    @Step({ id: 'mail' })
    class Mail implements StepHandler<string> {
      run(ctx: { params: { to: string } }) {
        return `to ${ctx.params.to}`;
      }
    }
    const driver = RunDriver.of(
      begin().then('first', () => 'ada').then(Mail as never, { id: 'mail', params: (ctx: DriverStepContext) => ({ to: ctx.resultOf('first') }) } as never), // prettier-ignore
    );
    await driver.settle();
    expect(driver.state.output).toBe('to ada');
  });
});

describe('retryIf', () => {
  const retrying = (retryIf: RetryOptions['retryIf'], code: Code = () => fail()) =>
    RunDriver.of(flow(code, { retry: { attempts: 3, ...(retryIf ? { retryIf } : {}) } }), { input: { patience: 2 } });

  it('is asked with what was thrown and with the run, and its no is final', async () => {
    const thrown = Object.assign(new Error('too fast'), { code: 'RATE_LIMITED', after: 7 });
    const asked: unknown[] = [];
    const driver = retrying(
      ({ code, cause }, ctx: RetryContext<{ patience: number }>) => {
        asked.push([code, (cause as typeof thrown).after, ctx.attempt]);
        return ctx.attempt < ctx.input.patience;
      },
      () => {
        throw thrown;
      },
    );
    await driver.settle();
    expect(asked).toEqual([['RATE_LIMITED', 7, 1], ['RATE_LIMITED', 7, 2]]); // prettier-ignore
    expect(driver.state.fault).toMatchObject({ code: 'RATE_LIMITED', message: 'too fast', retryable: false });
  });

  it('is not asked about a last attempt, nor about a terminal error', async () => {
    const asked: number[] = [];
    const retryIf: RetryOptions['retryIf'] = (_error, { attempt }) => asked.push(attempt) > 0;
    await retrying(retryIf).settle();
    await retrying(retryIf, () => {
      throw new TerminalError('never', { code: 'DECLINED' });
    }).settle();
    expect(asked).toEqual([1, 2]);
  });

  it('is asked about a rejected result too, which nobody has thrown', async () => {
    const causes: unknown[] = [];
    const asks: Code = (ctx) => ctx.resumeWhenComplete(ctx.createAsyncResult());
    const options = { retry: { attempts: 2, retryIf: ({ code, cause }: AttemptError) => causes.push([code, cause]) < 0 } };
    const driver = RunDriver.of(flow(asks, options), { settle: () => ({ ok: false, reason: 'no' }) });
    await driver.settle();
    expect(causes).toEqual([['ASYNC_RESULT_REJECTED', undefined]]);
    expect(driver.executions.get('a')).toBe(1);
  });

  it('ends the retrying when it throws, and says so beside the failure', async () => {
    const driver = retrying(() => fail('typo'));
    await driver.settle();
    expect(driver.executions.get('a')).toBe(1);
    expect(driver.state.fault?.message).toBe('no (Not retried, because retryIf threw: Error: typo)');
  });

  it('draws lots once: what is written down is not drawn again after a crash', async () => {
    const lots = [0.25, 0.5, 0.75];
    const driver = RunDriver.of(
      flow(() => fail(), { retry: { attempts: 2, backoff: '10s', jitter: 1 } }),
      {
        random: () => lots.shift() ?? 1,
      },
    );
    await driver.make('finish a!1.0');
    await driver.make('commit');
    const planned = driver.waits;
    driver.crash();
    expect(driver.waits).toEqual(planned);
    expect(planned).toEqual([{ reason: 'retry', dueAt: 1_000 + 7_500 }]);
    expect(lots).toHaveLength(2);
  });
});

describe('a step that suspends', () => {
  const asks =
    (timeoutMs?: number): Code =>
    (ctx) =>
      ctx.isResumed ? { got: ctx.resumeData } : ctx.resumeWhenComplete(ctx.createAsyncResult(), timeoutMs);

  it.each([[0], [false], [''], [null], [{ a: 1 }]])('is entered again from the top with %j', async (value) => {
    const driver = RunDriver.of(flow(asks()), { settle: () => ({ ok: true, value }) });
    await driver.settle();
    expect(driver.state.output).toEqual({ got: value });
    expect(driver.executions.get('a')).toBe(2);
  });

  it('does not use up an attempt', async () => {
    const code: Code = (ctx) => (ctx.isResumed ? ctx.attempt : ctx.suspendFor(1_000));
    const driver = RunDriver.of(flow(code));
    await driver.settle();
    expect(driver.state.output).toBe(1);
  });

  it('may suspend again and again', async () => {
    let entries = 0;
    const driver = RunDriver.of(flow((ctx) => (++entries > 3 ? ctx.isResumed : ctx.suspendFor(1_000))));
    await driver.settle();
    expect(driver.state.output).toBe(true);
    expect(driver.now).toBe(4_000);
  });

  it('takes a result that came before it waited', async () => {
    const driver = RunDriver.of(flow(asks()), { settle: () => ({ ok: true, value: 'early' }) });
    await driver.make('begin a!1.0');
    await driver.make('settle a');
    await driver.make('read the inbox');
    await driver.settle();
    expect(driver.facts).toEqual(['run.started', 'async-result.settled', 'attempt.suspended', 'step.completed', 'run.ended']);
    expect(driver.state.output).toEqual({ got: 'early' });
  });

  it('counts a result once: the second settlement is kept and ignored', async () => {
    const driver = RunDriver.of(flow((ctx) => (ctx.isResumed ? ctx.resumeData : ctx.resumeWhenComplete('letter-1'))));
    await driver.make('finish a!1.0');
    driver.database.append('async-result.settled', { id: 'letter-1', ok: true, value: 'first' });
    driver.database.append('async-result.settled', { id: 'letter-1', ok: true, value: 'second' });
    await driver.settle();
    expect(driver.state.output).toBe('first');
    expect(driver.facts).toContain('message.ignored');
  });

  it('takes a rejection as a failed attempt under the retry policy, and starts the next one afresh', async () => {
    const driver = RunDriver.of(flow((ctx) => (ctx.isResumed ? [ctx.attempt, ctx.resumeData] : asks()(ctx)), { retry: { attempts: 2, backoff: '5s' } }), {
      settle: (_node, question) => (question === 0 ? { ok: false, reason: 'not now' } : { ok: true, value: 'now' }),
    }); // prettier-ignore
    await driver.settle();
    expect(driver.state.output).toEqual([2, 'now']);
    expect(driver.now).toBe(6_000);
  });

  it('fails with the reason of the rejection when no attempt is left', async () => {
    const driver = RunDriver.of(flow(asks()), { settle: () => ({ ok: false, reason: 'unknown address' }) });
    await driver.settle();
    expect(driver.state.fault).toMatchObject({
      code: 'ASYNC_RESULT_REJECTED',
      message: 'The outside service answered with an error: unknown address',
    });
  });

  it('fails its attempt when nothing comes in time', async () => {
    const driver = RunDriver.of(flow(asks(60_000)), { settle: () => null });
    await driver.settle();
    expect(driver.now).toBe(61_000);
    expect(driver.state.fault).toMatchObject({ code: 'WAIT_TIMED_OUT', retryable: true });
  });

  it('takes a result that is there when its time is up', async () => {
    const driver = RunDriver.of(flow(asks(60_000)), { settle: () => ({ ok: true, value: 1 }) });
    await driver.make('finish a!1.0');
    await driver.make('commit');
    await driver.make('settle a');
    driver.now += 60_000;
    await driver.make('read the inbox');
    await driver.settle();
    expect(driver.state.output).toEqual({ got: 1 });
  });
});

describe('a step of another queue', () => {
  const options = { otherQueues: ['slow'] };
  const elsewhere = () => flow(() => 'done', { queue: 'slow' });

  it('is dispatched once, and its outcome comes by the inbox', async () => {
    const driver = RunDriver.of(elsewhere(), options);
    await driver.settle();
    expect(driver.facts).toEqual(['run.started', 'step.dispatched', 'step.completed', 'run.ended']);
    expect(driver.state.output).toBe('done');
  });

  it('is not dispatched again after a crash', async () => {
    const driver = RunDriver.of(elsewhere(), options);
    await driver.make('begin a!1.0');
    await driver.make('commit');
    driver.crash();
    expect(driver.possible).toEqual(['finish a elsewhere']);
  });

  it('ignores an outcome that comes twice', async () => {
    const driver = RunDriver.of(begin().then('a', () => 1, { queue: 'slow' }).wait('1h'), options); // prettier-ignore
    await driver.make('finish a elsewhere');
    const [message] = driver.database.inbox;
    driver.database.append('dispatch.ended', message?.payload ?? null);
    await driver.settle();
    expect(driver.facts.filter((type) => type === 'step.completed')).toHaveLength(1);
    expect(driver.facts).toContain('message.ignored');
  });
});
