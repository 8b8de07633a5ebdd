import { RunStatus, StepwellError } from '@stepwell/contracts';
import { Clock } from '@stepwell/engine';
import { RetryAfterError, type RetryOptions, type StepContext, Step, TerminalError, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, until } from './engine.js';
import { type Gate, gate } from './standing-between.js';

class ShiftedClock extends Clock {
  constructor(private readonly shiftMs: number) {
    super();
  }
  now(): number {
    return Date.now() + this.shiftMs;
  }
}

const tries = new Map<string, { attempt: number; key: string }[]>();
function count(ctx: StepContext<unknown>): number {
  const list = tries.get(ctx.runId) ?? [];
  tries.set(ctx.runId, [...list, { attempt: ctx.attempt, key: ctx.idempotencyKey }]);
  return ctx.attempt;
}

const failing = (name: string, retry: RetryOptions | undefined, fault: (attempt: number) => unknown) =>
  workflow<unknown>(name, { version: 1 }).then(
    'work',
    (ctx) => {
      const attempt = count(ctx);
      throw fault(attempt);
    },
    retry ? { retry } : {},
  );

const doors = new Map<string, { attempts: { signal: AbortSignal; mayEnd: Gate }[] }>();
const doorsOf = (runId: string) => {
  const known = doors.get(runId) ?? { attempts: [] };
  doors.set(runId, known);
  return known;
};
const ignoring = (name: string, options: { retry?: RetryOptions; timeout: string }) =>
  workflow<unknown>(name, { version: 1 }).then(
    'work',
    async (ctx) => {
      count(ctx);
      const mine = { signal: ctx.signal, mayEnd: gate() };
      doorsOf(ctx.runId).attempts.push(mine);
      if (ctx.attempt === 2) return 'second';
      await mine.mayEnd.opened;
      return 'late';
    },
    options,
  );

const WORKFLOWS = [
  failing('once', undefined, () => new Error('no')),
  failing('backoff-only', { backoff: '1ms' }, () => new Error('no')),
  failing('four', { attempts: 4, backoff: '20ms', maxBackoff: '50ms' }, (attempt) => new Error(`no ${attempt}`)),
  failing('jitter', { attempts: 6, backoff: '40ms', maxBackoff: '40ms', jitter: 0.5 }, () => new Error('no')),
  failing('terminal', { attempts: 9, backoff: '1ms' }, () => new TerminalError('never')),
  failing('patient', { attempts: 2, backoff: '1ms' }, () => new RetryAfterError('slow down', 80)),
  failing('patient-text', { attempts: 2, backoff: '1ms' }, () => new RetryAfterError('slow down', 'PT0.08S', { code: 'SLOW' })),
  failing('declined', { attempts: 3, backoff: '1ms', giveUpOn: ['DECLINED'] }, (attempt) =>
    Object.assign(new Error('no'), { code: attempt === 1 ? 'ECONNRESET' : 'DECLINED' }),
  ),
  failing('endless', { attempts: 2, backoff: '1ms' }, () => new RetryAfterError('come back in 275,000 years', Number.MAX_SAFE_INTEGER)),
  failing('odd', { attempts: 2, backoff: '1ms' }, () => Object.create(null)),
  failing('nothing', { attempts: 2, backoff: '1ms' }, () => undefined),
  failing('dirty', undefined, () => Object.assign(new Error('x'), { message: `nul\u0000 and half \ud800`, stack: 7 })),
  failing('hour', { attempts: 2, backoff: '1h' }, (attempt) => (attempt === 1 ? new Error('once more') : new TerminalError('enough'))),
  workflow<unknown>('flaky', { version: 1 }).then('work', (ctx) => (count(ctx) < 3 ? Promise.reject(new Error('no')) : 'at last'), {
    retry: { attempts: 5, backoff: '1ms' },
  }),
  ignoring('ignoring', { timeout: '40ms', retry: { attempts: 2, backoff: '1ms' } }),
  ignoring('ignoring-once', { timeout: '40ms' }),
  workflow<unknown>('obedient', { version: 1 }).then(
    'work',
    async (ctx) => {
      count(ctx);
      await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)));
    },
    { timeout: '40ms' },
  ),
  workflow<unknown>('ignoring-waiting', { version: 1 })
    .then(
      'work',
      async (ctx) => {
        const mine = { signal: ctx.signal, mayEnd: gate() };
        doorsOf(ctx.runId).attempts.push(mine);
        if (ctx.attempt === 2) return 'second';
        await mine.mayEnd.opened;
        return 'late';
      },
      { timeout: '40ms', retry: { attempts: 2, backoff: '1ms' } },
    )
    .wait('1h'),
];

describe('retry', () => {
  let engine: Engine;
  beforeAll(async () => {
    // No note that a step takes long, which a slow machine would add.
    engine = await startEngine({ workflows: WORKFLOWS, worker: { reportMs: 600_000 } });
  });
  afterAll(() => engine.close());

  const failed = async (name: string) => {
    const runId = await engine.start(name);
    return { runId, run: await engine.waitFor(runId, RunStatus.failed) };
  };
  /** When each failed attempt began, and when the next one was to begin, by the worker's clock. */
  const plansOf = async (runId: string) =>
    (await engine.facts(runId)).flatMap(({ type, payload }) => (type === 'attempt.failed' && payload.retryAt !== null ? [payload] : []));

  it.each(['once', 'backoff-only'])('tries once unless asked for more attempts (%s)', async (name) => {
    const { runId, run } = await failed(name);
    expect(run).toMatchObject({ error_code: 'STEP_FAILED', error_message: 'no' });
    expect(tries.get(runId)).toHaveLength(1);
  });

  it('counts the first try as an attempt, doubles the pause up to its maximum, and keeps the idempotency key', async () => {
    const { runId, run } = await failed('four');
    expect(run.error_message).toBe('no 4');
    expect(tries.get(runId)?.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(tries.get(runId)?.map(({ key }) => key)).size).toBe(1);
    const plans = (await engine.facts(runId)).flatMap(({ type, payload }) => (type === 'attempt.failed' ? [payload] : []));
    expect(plans.map(({ retryAt }) => retryAt === null)).toEqual([false, false, false, true]);
    for (const [index, { startedAt, retryAt }] of plans.entries()) {
      if (retryAt !== null) expect(retryAt - startedAt).toBeGreaterThanOrEqual([20, 40, 50][index] as number);
    }
  });

  it('takes a random share off each pause, if asked', async () => {
    const { runId } = await failed('jitter');
    const shares = (await plansOf(runId)).map(({ startedAt, retryAt }) => retryAt - startedAt);
    expect(shares).toHaveLength(5);
    expect(new Set(shares).size).toBeGreaterThan(1);
  });

  it('goes on when an attempt succeeds', async () => {
    const runId = await engine.start('flaky');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('at last');
    expect(await engine.types(runId)).toEqual(['run.started', 'attempt.failed', 'attempt.failed', 'step.completed', 'run.ended']);
  });

  it('stops at a terminal error', async () => {
    const { runId, run } = await failed('terminal');
    expect(run.error_message).toBe('never');
    expect(tries.get(runId)).toHaveLength(1);
  });

  it('goes by the code of what was thrown, of whatever class it is', async () => {
    const { runId, run } = await failed('declined');
    expect(run.error_code).toBe('DECLINED');
    expect(tries.get(runId)).toHaveLength(2);
  });

  it.each(['patient', 'patient-text'])('waits as long as the error asks (%s)', async (name) => {
    const { runId } = await failed(name);
    const [first] = (await engine.facts(runId)).filter(({ type }) => type === 'attempt.failed');
    expect(first?.payload.retryAt - first?.payload.startedAt).toBeGreaterThanOrEqual(80);
  });

  it('waits as long as can be written down, when the error asks for more', async () => {
    const runId = await engine.start('endless');
    const { due_at: dueAt } = await engine.waitFor(runId, RunStatus.waiting);
    expect(tries.get(runId)).toHaveLength(1);
    expect(dueAt?.getUTCFullYear()).toBe(new Date().getUTCFullYear() + 100);
  });

  it.each(['odd', 'nothing', 'dirty'])('survives whatever is thrown (%s)', async (name) => {
    const { run } = await failed(name);
    expect(run.error_code).toBe('STEP_FAILED');
    expect(run.error_message).not.toContain('\u0000');
  });

  it.each([
    [{ attempts: 0 }, 'attempts'],
    [{ attempts: 1.5 }, 'attempts'],
    [{ backoff: '-1s' }, 'negative'],
    [{ backoff: 'soon' }, 'not a duration'],
    [{ attempts: 2, jitter: 2 }, 'jitter'],
    [{ attempts: 2, maxBackoff: '-1m' }, 'negative'],
  ])('refuses %j before anything starts', (retry, reason) => {
    const build = () => workflow<unknown>('bad', { version: 1 }).then('work', () => 1, { retry });
    expect(build).toThrow(StepwellError);
    expect(build).toThrow(reason);
    expect(() => Step({ id: 'bad', retry })).toThrow(reason);
  });

  it('remembers a pause although its worker stops; another one goes on when it is over', async () => {
    const runId = await engine.start('hour');
    const waiting = await engine.waitFor(runId, RunStatus.waiting);
    expect(waiting.wait_reasons).toEqual(['retry']);
    expect((waiting.due_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000);
    await engine.worker.stop();
    // An hour passes: in the database, and for the worker that starts then.
    await engine.query(`UPDATE runs SET due_at = due_at - interval '1 hour' WHERE id = $1`, [runId]);
    const ahead = await engine.spawn({ clock: new ShiftedClock(3_600_000) });
    await engine.waitFor(runId, RunStatus.failed);
    expect(tries.get(runId)?.map(({ attempt }) => attempt)).toEqual([1, 2]);
    // For it every wait of an hour is over; the tests that follow have such waits.
    await ahead.stop();
  });

  describe('with a time-out', () => {
    let process: Awaited<ReturnType<Engine['spawn']>>;
    beforeAll(async () => {
      process = await engine.spawn();
    });
    const start = async (name: string) => (await process.runs.start({ tenant: 'default', workflow: name, input: null, actor: null })).runId;
    const discarded = (runId: string) =>
      until(
        () => engine.types(runId),
        (types) => types.includes('attempt.discarded'),
        'The late result should be recorded',
      );

    it('tells the step through its signal; one that obeys leaves no more than the failed attempt', async () => {
      const runId = await start('obedient');
      expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'STEP_TIMED_OUT' });
      expect(await engine.types(runId)).toEqual(['run.started', 'attempt.failed', 'run.ended']);
    });

    it('abandons a step that ignores it, goes on, and records the late result without applying it', async () => {
      const runId = await start('ignoring');
      await engine.waitFor(runId, RunStatus.completed);
      expect(await engine.output(runId)).toBe('second');
      const [first] = doorsOf(runId).attempts;
      expect(first?.signal.aborted).toBe(true);
      first?.mayEnd.open();
      await discarded(runId);
      const facts = await engine.facts(runId);
      expect(facts.at(-1)).toMatchObject({ type: 'attempt.discarded', attempt: 1, path: 'work' });
      expect((await engine.row(runId)).last_seq).toBe(facts.length);
      expect(facts.find(({ type }) => type === 'attempt.failed')?.payload.fault.message).toContain('It was abandoned');
    });

    it('records the late result also when the run has failed of it', async () => {
      const runId = await start('ignoring-once');
      await engine.waitFor(runId, RunStatus.failed);
      doorsOf(runId).attempts[0]?.mayEnd.open();
      await discarded(runId);
      expect((await engine.row(runId)).status).toBe(RunStatus.failed);
    });

    it('records the late result also when the run has gone on and waits, and lets it wait', async () => {
      const runId = await start('ignoring-waiting');
      const before = await until(
        () => engine.row(runId),
        ({ status, due_at }) => status === RunStatus.waiting && Number(due_at) > Date.now() + 60_000,
        'The run should wait for its hour, not for its second attempt',
      );
      doorsOf(runId).attempts[0]?.mayEnd.open();
      await discarded(runId);
      const after = await engine.waitFor(runId, RunStatus.waiting);
      expect(after).toMatchObject({ wait_reasons: ['timer'], due_at: before.due_at });
    });
  });
});
