import { RunStatus, StepwellError } from '@stepwell/contracts';
import { event, type StepContext, workflow } from '@stepwell/sdk';
import { Type as TypeOf } from 'class-transformer';
import { IsInt, IsString, Min, ValidateNested } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { gate } from './standing-between.js';

class Address {
  @IsString()
  city!: string;
}

class Parcel {
  @IsInt()
  @Min(1)
  grams!: number;

  @ValidateNested()
  @TypeOf(() => Address)
  to!: Address;
}

class Money {
  constructor(readonly amount: number) {}
}

/** What the step `give` returns, by the name in its input. */
const VALUES: Record<string, () => unknown> = {
  date: () => ({ order: { due: new Date(0) } }),
  map: () => ({ totals: new Map() }),
  set: () => [new Set()],
  function: () => ({ callback: () => 1 }),
  bigint: () => ({ id: 1n }),
  nan: () => ({ list: [1, Number.NaN] }),
  infinity: () => Infinity,
  instance: () => ({ price: new Money(1) }),
  hole: () => ({ list: [1, undefined] }),
  symbol: () => Symbol('x'),
  nul: () => ({ text: 'a\u0000b' }),
  key: () => ({ 'a\u0000b': 1 }),
  surrogate: () => ({ text: '\ud800' }),
  deep: () => nested(70),
  cycle: () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    return value;
  },
  large: () => ({ text: 'x'.repeat(17 * 1024 * 1024) }),
  huge: () => 'x'.repeat(50 * 1024 * 1024),
  prototype: () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}') as unknown,
  'large-text': () => 'ä'.repeat(9 * 1024 * 1024),
  nothing: () => undefined,
  dropped: () => ({ kept: 1, dropped: undefined }),
  unicode: () => ({ text: 'käfer 🪲 \\u0000 "quoted"', '': 0, minus: -0, big: 2 ** 60 }),
};

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { inner: nested(levels - 1) };
}

const Happened = event<unknown>('test.happened');
const tries = new Map<string, number>();
const door = gate();

const give = workflow<{ what: string }>('give', { version: 1 })
  .then(
    'give',
    (ctx) => {
      tries.set(ctx.runId, (tries.get(ctx.runId) ?? 0) + 1);
      return VALUES[ctx.input.what]?.();
    },
    { retry: { attempts: 3, backoff: '1ms' } },
  )
  .then('read', (ctx) => ({ read: ctx.resultOf('give') }));

const never = workflow<unknown>('never', { version: 1 }).then('hang', () => new Promise<never>(() => undefined), { timeout: '300ms' });

const parcel = workflow<Parcel>('parcel', { version: 1, input: Parcel }).then('weigh', (ctx) => ctx.input.grams);

const emitting = workflow<unknown>('emitting', { version: 1 }).then(
  'emit',
  (ctx) => {
    ctx.emit(Happened, { attempt: ctx.attempt }, { idempotencyKey: 'k' });
    if (ctx.attempt === 1) throw new Error('not yet');
    return ctx.attempt;
  },
  { retry: { attempts: 2, backoff: '1ms' } },
);

const emitBad = workflow<{ key: string; payload: unknown }>('emit-bad', { version: 1 }).then('emit', (ctx) => {
  const options = ctx.input.key === '' ? {} : { idempotencyKey: String.fromCharCode(0) };
  ctx.emit(Happened, ctx.input.key === '' ? new Date() : {}, options);
});

const sharing = workflow<{ list: number[] }>('sharing', { version: 1 })
  .then('make', () => ({ list: [1] }))
  .then('meddle', (ctx) => {
    const made = ctx.resultOf<{ list: number[] }>('make');
    return [() => made.list.push(2), () => ctx.input.list.push(2)].map((meddle) => {
      try {
        meddle();
        return 'changed';
      } catch {
        return 'refused';
      }
    });
  });

const long = workflow<unknown>('long', { version: 1 }).then('work', async (ctx: StepContext<unknown>) => {
  ctx.logger.warn('half way', { rows: 5 });
  ctx.progress(1, 10);
  ctx.progress(5, 10, `half\u0000 way ${'!'.repeat(500)}`);
  await door.opened;
  return ctx.actor;
});

describe('what goes in and out of steps', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [give, never, parcel, emitting, emitBad, sharing, long], worker: { reportMs: 10 } });
  });
  afterAll(() => engine.close());

  it.each([
    ['date', '$.order.due', 'Date'],
    ['map', '$.totals', 'Map'],
    ['set', '$[0]', 'Set'],
    ['function', '$.callback', 'function'],
    ['bigint', '$.id', 'bigint'],
    ['nan', '$.list[1]', 'NaN'],
    ['infinity', '$', 'Infinity'],
    ['instance', '$.price', 'Money'],
    ['hole', '$.list[1]', 'undefined'],
    ['symbol', '$', 'symbol'],
    ['nul', '$.text', 'NUL'],
    ['key', '$.a\\u0000b', 'NUL'],
    ['surrogate', '$.text', 'surrogate'],
    ['deep', '$.inner.inner.inner', 'deeper than 64'],
    ['cycle', '$.self.self', 'refers to itself'],
  ])('an output with a %s is a terminal error that names %s', async (what, path, reason) => {
    const runId = await engine.start('give', { what });
    const run = await engine.waitFor(runId, RunStatus.failed);
    expect(run.error_code).toBe('OUTPUT_NOT_JSON');
    expect(run.error_message).toContain(`step "give" is not JSON: at ${path.replace('\\u0000', '')}`);
    expect(run.error_message).toContain(reason);
    expect(tries.get(runId)).toBe(1);
  });

  it.each(['large', 'large-text', 'huge'])('an output that is too %s is a terminal error with its size', async (what) => {
    const runId = await engine.start('give', { what });
    const run = await engine.waitFor(runId, RunStatus.failed);
    expect(run).toMatchObject({ error_code: 'OUTPUT_TOO_LARGE' });
    expect(run.error_message).toMatch(what === 'huge' ? /has 5\d{7} bytes; at most 16777216/ : /has 1[78]\d{6} bytes; at most 16777216/);
    expect(tries.get(runId)).toBe(1);
  });

  it('an output with a key __proto__ pollutes nobody: neither this process, nor who reads it', async () => {
    const runId = await engine.start('give', { what: 'prototype' });
    const { status, error_code } = await engine.waitFor(runId, RunStatus.completed, RunStatus.failed);
    expect([status, error_code]).toEqual(['completed', null]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const { read } = (await engine.output(runId)) as { read: { polluted?: unknown } };
    expect([Object.getPrototypeOf(read), read.polluted, Object.keys(read)]).toEqual([
      Object.prototype,
      undefined,
      ['__proto__', 'constructor'],
    ]);
  });

  it('a step that never settles fails when its time is over, and its run with it; the run beside it goes on', async () => {
    const [never, beside] = await Promise.all([engine.start('never'), engine.start('give', { what: 'nothing' })]);
    expect(await engine.waitFor(never, RunStatus.failed)).toMatchObject({
      error_code: 'STEP_TIMED_OUT',
      error_message: expect.stringContaining('within 300 ms'),
    });
    await engine.waitFor(beside, RunStatus.completed);
  });

  it.each([
    ['nothing', null],
    ['dropped', { kept: 1 }],
    ['unicode', { text: 'käfer 🪲 \\u0000 "quoted"', '': 0, minus: 0, big: 2 ** 60 }],
  ])('an output with %s is kept as JSON keeps it', async (what, kept) => {
    const runId = await engine.start('give', { what });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ read: kept });
    expect((await engine.facts(runId))[1]?.payload).toMatchObject({ output: kept });
  });

  it('shares outputs and the input with every step, so none of them can change what was stored', async () => {
    const runId = await engine.start('sharing', { list: [1] });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual(['refused', 'refused']);
  });

  it('refuses an input that does not fit its class, naming each field, and starts nothing', async () => {
    const refusal = await engine.start('parcel', { grams: 0, to: { city: 5, zip: 'x' } }).catch((error: unknown) => error as StepwellError);
    expect(refusal).toBeInstanceOf(StepwellError);
    expect((refusal as StepwellError).code).toBe('INPUT_INVALID');
    expect((refusal as StepwellError).fields.map(({ path }) => path).sort()).toEqual(['grams', 'to.city', 'to.zip']);
    await expect(engine.start('parcel', 'no object')).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: '' }] });
    await expect(engine.start('give', { what: new Date() })).rejects.toMatchObject({ fields: [{ path: '$.what' }] });
    await expect(engine.start('give', { what: 'x'.repeat(17 * 1024 * 1024) })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(engine.start('nobody')).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    expect(await engine.query(`SELECT 1 FROM runs WHERE workflow = 'parcel'`)).toEqual([]);
  });

  it('starts once per idempotency key, also when a hundred ask at once', async () => {
    const request = { tenant: TENANT, workflow: 'parcel', input: { grams: 1, to: { city: 'Ulm' } }, idempotencyKey: 'p-1', actor: null };
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => engine.runs.start(request)));
    expect(new Set(outcomes.map(({ runId }) => runId)).size).toBe(1);
    expect(outcomes.filter(({ existing }) => !existing)).toHaveLength(1);
    await engine.waitFor(outcomes[0]?.runId ?? '', RunStatus.completed);
    expect(await engine.query(`SELECT 1 FROM runs WHERE workflow = 'parcel'`)).toHaveLength(1);
  });

  it('keeps events of the attempt that succeeded only', async () => {
    const runId = await engine.start('emitting');
    await engine.waitFor(runId, RunStatus.completed);
    const events = await engine.query('SELECT payload, idempotency_key FROM events WHERE source_run = $1', [runId]);
    expect(events).toEqual([{ payload: { attempt: 2 }, idempotency_key: 'k' }]);
  });

  it.each(['', 'nul'])('refuses to emit what cannot be stored (key: "%s")', async (key) => {
    const runId = await engine.start('emit-bad', { key });
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: 'OUTPUT_NOT_JSON' });
  });

  it('writes down a long attempt while it runs: that it began, the last it said of its progress, and its log lines', async () => {
    const actor = { id: 'u1', name: 'Ann', kind: 'user' } as const;
    const runId = await engine.start('long', null, { actor });
    const facts = await until(
      () => engine.facts(runId),
      (rows) => rows.some(({ type }) => type === 'attempt.started') && rows.some(({ type }) => type === 'attempt.progress'),
      'The long attempt should be written down',
    );
    expect(facts.filter(({ type }) => type === 'attempt.progress').map(({ payload }) => payload as unknown)).toEqual([
      { done: 5, total: 10, note: `half way ${'!'.repeat(190)}` },
    ]);
    expect(engine.process.log).toContainEqual({
      level: 'warn',
      message: 'half way',
      fields: { tenant: TENANT, runId, stepId: 'work', attempt: 1, rows: 5 },
    });
    door.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual(actor);
  });
});
