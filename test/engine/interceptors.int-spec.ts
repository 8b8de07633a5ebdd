/** Interceptors on a real database: what they are told, what they rewrite, and what becomes of a run when they fail. */
import { RunStatus } from '@stepwell/contracts';
import { type InterceptedSignal, type InterceptedStep, type Interceptor, signal, type StepContext, workflow } from '@stepwell/sdk';
import { IsString } from 'class-validator';
import { type Engine, startEngine, TENANT } from './engine.js';
import { StandingBetween } from './standing-between.js';

/** Searched for in every table. It is found in none only if each output is rewritten before anything of it is stored. */
const CANARY = 'canary-of-a-patient';

const told: string[] = [];
class AuditTrail implements Interceptor {
  beforeStep = ({ stepId, attempt }: InterceptedStep) => void told.push(`before ${stepId} ${attempt}`);
  afterStep = (_output: unknown, { stepId, attempt }: InterceptedStep) => void told.push(`after ${stepId} ${attempt}`);
  onComplete = (output: unknown, { workflow }: { workflow: string }) => void told.push(`complete ${workflow} ${JSON.stringify(output)}`);
  onFailure = ({ message }: { message: string }) => void told.push(`failure ${message}`);
  onSignal = ({ kind, name, payload, by }: InterceptedSignal) =>
    void told.push(`${kind} ${name} ${JSON.stringify(payload)} ${by?.name ?? '-'}`);
}
class Redaction implements Interceptor {
  afterStep(output: unknown): unknown {
    return JSON.parse(JSON.stringify(output).replaceAll(CANARY, 'X'));
  }
}
class Broken implements Interceptor {
  private fail(): never {
    throw new Error('the audit service is away');
  }
  beforeStep = () => this.fail();
  afterStep = () => 7n;
  onComplete = () => this.fail();
  onSignal = () => this.fail();
}

class Hanging implements Interceptor {
  afterStep = () => new Promise(() => undefined);
}

class Note {
  @IsString()
  text!: string;
}
const Remark = signal('remark', Note);
const secretly = (what: string) => ({ what, patient: CANARY });
const key = () => 'one key';
const WORKFLOWS = [
  workflow<unknown>('redacted', { version: 1, interceptors: [AuditTrail, Redaction] })
    .then('plain', () => secretly('plain'))
    .then('large', () => secretly('large'.repeat(200_000)))
    .then('sealed', (ctx) => ctx.transaction(() => Promise.resolve(secretly('sealed'))))
    .then('elsewhere', () => secretly('elsewhere'), { queue: 'elsewhere' })
    .then('keyed', () => secretly('keyed'), { idempotency: { key }, cache: { key, ttl: '1h' } })
    .then('instead', () => Promise.reject(new Error('no')), { onFailure: () => secretly('instead') })
    .then('read', (ctx) => ['plain', 'sealed', 'elsewhere', 'keyed', 'instead'].map((id) => ctx.resultOf(id))),
  workflow<unknown>('broken', { version: 1, interceptors: [Broken, AuditTrail], signals: [Remark] })
    .then('work', () => ({ kept: true }))
    .waitForSignal(Remark, { id: 'wait' })
    .then('end', (ctx) => ctx.lastSignal(Remark)?.text ?? 'silence', { queue: 'elsewhere' }),
  workflow<unknown>('failing', { version: 1, interceptors: [AuditTrail] }).then(
    'fail',
    (ctx: StepContext<unknown>) => Promise.reject(new Error(`attempt ${ctx.attempt}`)),
    { retry: { attempts: 2, backoff: '1ms' } },
  ),
  workflow<unknown>('sealed-last', { version: 1, interceptors: [AuditTrail] }).then('seal', (ctx) =>
    ctx.transaction(() => Promise.resolve(1)),
  ),
  workflow<unknown>('hung-up', { version: 1, interceptors: [Hanging, Redaction] }).then(
    'sealed',
    (ctx) => ctx.transaction(async (manager) => (await manager.query<object[]>('SELECT 7 AS written'))[0]),
    { queue: 'hurried' },
  ),
];

describe('interceptors', () => {
  const between = new StandingBetween();
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: WORKFLOWS, committer: between.committer, providers: [AuditTrail, Redaction, Broken, Hanging] });
    await engine.spawn({ worker: { queues: ['elsewhere'] } });
    // Its transactions may idle for four seconds.
    await engine.spawn({ worker: { queues: ['hurried'], leaseMs: 6_000 } });
  });
  afterAll(() => engine.close());
  beforeEach(() => void told.splice(0));

  it('rewrite each output before anything of it is stored: what is redacted stands in no table', async () => {
    const runId = await engine.start('redacted');
    await engine.waitFor(runId, RunStatus.completed);
    const names = ['plain', 'sealed', 'elsewhere', 'keyed', 'instead'];
    expect(await engine.output(runId)).toEqual(names.map((what) => ({ what, patient: 'X' })));
    const tables = await engine.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const within = async (text: string) => {
      const found: string[] = [];
      for (const { name } of tables) {
        // The bytes of a blob are shown as hexadecimal.
        const [row] = await engine.query(`SELECT FROM ${name} AS t WHERE to_jsonb(t)::text LIKE $1 OR to_jsonb(t)::text LIKE $2 LIMIT 1`, [
          `%${text}%`,
          `%${Buffer.from(text).toString('hex')}%`,
        ]);
        if (row) found.push(name);
      }
      return found.sort();
    };
    expect(await within(CANARY)).toEqual([]);
    // The search sees what is there.
    expect(await within('elsewhere')).toEqual(expect.arrayContaining(['journal']));
    expect(await within('largelarge')).toEqual(['blobs']);
    expect(await within('keyed')).toEqual(expect.arrayContaining(['journal', 'step_keys']));
  });

  it('are told of each attempt, and once of the end', async () => {
    const runId = await engine.start('failing');
    await engine.waitFor(runId, RunStatus.failed);
    expect(told).toEqual(['before fail 1', 'before fail 2', 'failure attempt 2']);
  });

  it('harm nothing when they fail: the run goes on, and its journal says so', async () => {
    const runId = await engine.start('broken');
    await engine.waitFor(runId, RunStatus.waiting);
    const by = { id: 'ada', name: 'ada', kind: 'user' } as const;
    await engine.process.signals.send({ tenant: TENANT, runId, actor: by, name: 'remark', payload: { text: 'hello' } });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('hello');
    const failed = (await engine.facts(runId)).filter(({ type }) => type === 'interceptor.failed');
    expect(failed.map(({ path, payload }) => [path, payload.interceptor, payload.hook, payload.fault.code])).toEqual([
      ['work', 'Broken', 'beforeStep', 'STEP_FAILED'],
      ['work', 'Broken', 'afterStep', 'OUTPUT_NOT_JSON'],
      ['', 'Broken', 'onSignal', 'STEP_FAILED'],
      ['end', 'Broken', 'beforeStep', 'STEP_FAILED'],
      ['end', 'Broken', 'afterStep', 'OUTPUT_NOT_JSON'],
      ['', 'Broken', 'onComplete', 'STEP_FAILED'],
    ]);
    expect(told).toEqual([
      ...['before work 1', 'after work 1', 'signal remark {"text":"hello"} ada'],
      ...['before end 1', 'after end 1', 'complete broken "hello"'],
    ]);
  });

  it('do not fail a transaction by hanging until the database cuts it', async () => {
    const runId = await engine.start('hung-up');
    await engine.waitFor(runId, RunStatus.completed, RunStatus.failed);
    expect(await engine.output(runId)).toEqual({ written: 7 });
    const [failed] = (await engine.facts(runId)).filter(({ type }) => type === 'interceptor.failed');
    expect(failed?.payload).toMatchObject({ interceptor: 'Hanging', fault: { code: 'INTERCEPTOR_TIMED_OUT' } });
  });

  it.each(['redacted', 'sealed-last'])('are told of an end again when it was lost, and not of the steps before it (%s)', async (name) => {
    between.fail('commit', () => new Error('Connection terminated unexpectedly'), 1, 'run.ended');
    const runId = await engine.start(name);
    await engine.waitFor(runId, RunStatus.completed);
    expect(told.filter((one) => one.startsWith('complete'))).toHaveLength(2);
    expect(told.filter((one) => one.startsWith('after')).length).toBe(new Set(told.filter((one) => one.startsWith('after'))).size);
    expect((await engine.types(runId)).filter((type) => type === 'run.ended')).toHaveLength(1);
  });
});
