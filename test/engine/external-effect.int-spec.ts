/** An effect outside whose outcome is lost, on a real database: with the worker, with time, and with a person who looks. */
import { isRefusal, RunStatus } from '@stepwell/contracts';
import { IsInt } from 'class-validator';
import { type StepContext, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { type Gate, gate } from './standing-between.js';

const begun = new Map<string, Gate>();
const begunOf = (runId: string) => {
  const known = begun.get(runId) ?? gate();
  begun.set(runId, known);
  return known;
};
const requests: string[] = [];

/** A service that never answers; what it did stands in its books. */
async function charge(ctx: StepContext<unknown>): Promise<string> {
  requests.push(ctx.idempotencyKey);
  begunOf(ctx.runId).open();
  await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)));
  return 'never';
}

class Rate {
  @IsInt()
  percent!: number;
}

const WORKFLOWS = [
  workflow<unknown>('silent', { version: 1 }).then('charge', charge, { externalEffect: true }),
  workflow<unknown>('silent-elsewhere', { version: 1 }).then('charge', charge, { externalEffect: true, queue: 'payments' }),
  workflow<unknown>('verified', { version: 1 }).then('charge', charge, {
    timeout: '40ms',
    retry: { attempts: 3 },
    output: { type: 'object', required: ['charged'] },
    externalEffect: {
      verify: (ctx) => ({ happened: true, output: { charged: requests.filter((key) => key === ctx.idempotencyKey).length } }),
    },
  }),
  workflow<unknown>('misshapen', { version: 1 }).then('charge', (ctx) => void requests.push(ctx.idempotencyKey), {
    retry: { attempts: 3, backoff: '1ms' },
    output: { type: 'object', required: ['charged'] },
    externalEffect: {
      verify: (ctx) => ({ happened: true, output: { charged: requests.filter((key) => key === ctx.idempotencyKey).length } }),
    },
  }),
  workflow<unknown>('verified-in-transaction', { version: 1 }).then('charge', charge, {
    timeout: '40ms',
    externalEffect: {
      verify: async (ctx) => {
        await expect(ctx.transaction(() => Promise.resolve('read'))).rejects.toThrow('verify: ctx.transaction cannot be used there');
        expect(() => ctx.emit({ name: 'charged' } as never, {})).toThrow('ctx.emit cannot be used there');
        return { happened: true, output: 'verified' };
      },
    },
  }),
  workflow<unknown>('mute', { version: 1 }).then(
    'work',
    async (ctx) => {
      ctx.heartbeat();
      await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)));
    },
    { heartbeatTimeout: '60ms' },
  ),
  workflow<unknown>('by-class', { version: 1 }).then('rate', () => ({ percent: 'much', more: 1 }), { output: Rate as never }),
  workflow<unknown>('by-schema', { version: 1 }).then('rate', () => ({ rates: [{ percent: 'much' }] }), {
    output: { type: 'object', properties: { rates: { type: 'array', items: { type: 'object', properties: { percent: { type: 'integer' } }, required: ['of'] } } } },
  }),
]; // prettier-ignore

describe('an effect outside', () => {
  let engine: Engine;
  beforeAll(async () => {
    // No note that a step takes long, which a slow machine would add.
    engine = await startEngine({ workflows: WORKFLOWS, worker: { reportMs: 600_000 } });
    await engine.spawn({ worker: { queues: ['payments'] } });
  });
  afterAll(() => engine.close());

  const actor = { id: 'ada', name: 'ada', kind: 'user' } as const;
  const resolve = (runId: string, happened: boolean, output: string | null) =>
    engine.process.retries.resolve({
      ...{ tenant: TENANT, runId, actor, reason: 'looked' },
      ...{ path: 'charge', iteration: '', attempt: 1, happened, output },
    });
  const untilIncident = (runId: string) =>
    until(
      () => engine.row(runId),
      ({ status, wait_reasons }) => status === RunStatus.waiting && wait_reasons.join() === 'incident',
      `Run ${runId} should wait for a person`,
    );
  /** As the sweep does when a worker has fallen silent. */
  const takeOver = async (runId: string) => {
    await engine.query(`UPDATE runs SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE id = $1`, [runId]);
    await engine.query(`UPDATE dispatches SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE run_id = $1`, [runId]);
    engine.hints.wake(['default', 'payments']);
  };

  it.each(['silent', 'silent-elsewhere'])(
    'is not made again when its worker is lost; a person says what became of it (%s)',
    async (name) => {
      const runId = await engine.start(name);
      await begunOf(runId).opened;
      const made = requests.length;
      await takeOver(runId);
      expect(await untilIncident(runId)).toMatchObject({ error_code: 'OUTCOME_UNKNOWN' });
      const retry = engine.process.retries.retry({ tenant: TENANT, runId, actor, reason: null });
      await expect(retry).rejects.toThrow('whether an effect of it happened is not known');
      await resolve(runId, true, 'receipt 7');
      await engine.waitFor(runId, RunStatus.completed);
      expect(await engine.output(runId)).toBe('receipt 7');
      expect(requests).toHaveLength(made);
      const again = await resolve(runId, false, null).catch((error: unknown) => error);
      expect(isRefusal(again, 'RUN_ENDED')).toBe(true);
    },
  );

  it('that took too long is verified before anything else', async () => {
    const runId = await engine.start('verified');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ charged: 1 });
    expect(await engine.types(runId)).toEqual(['run.started', 'effect.begun', 'effect.unknown', 'step.completed', 'run.ended']);
  });

  it('is not made again because its output is another one than declared', async () => {
    const runId = await engine.start('misshapen');
    await engine.waitFor(runId, RunStatus.completed, RunStatus.failed);
    expect(await engine.output(runId)).toEqual({ charged: 1 });
  });

  it('has the output that its verification says, which can commit nothing by itself', async () => {
    const runId = await engine.start('verified-in-transaction');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('verified');
  });
});

describe('what is seen of a handler', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: WORKFLOWS });
  });
  afterAll(() => engine.close());

  it('is its heartbeat: silent for too long, it has failed', async () => {
    const runId = await engine.start('mute');
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'HEARTBEAT_LOST' });
    expect((await engine.types(runId)).filter((type) => type === 'attempt.failed')).toHaveLength(1);
  });

  it.each([
    ['by-class', [{ path: 'more', message: 'There is no such field: leave it out' }, { path: 'percent', message: 'Needs a whole number' }]],
    ['by-schema', [{ path: 'rates.0.of', message: 'is missing' }, { path: 'rates.0.percent', message: 'must be integer' }]],
  ])('is its output: another one than declared fails the attempt, field by field (%s)', async (name, fields) => {
    const runId = await engine.start(name);
    const { error_code: code, error_message: message } = await engine.waitFor(runId, RunStatus.failed);
    expect(code).toBe('OUTPUT_INVALID');
    for (const field of fields) expect(message).toContain(`${field.path}: ${field.message}`);
    const [failed] = (await engine.facts(runId)).filter(({ type }) => type === 'attempt.failed');
    expect(failed?.payload.fault.fields).toEqual(fields);
  }); // prettier-ignore
});
