/** A parked step on a real database: what operators see and do while its run waits for them. */
import { isRefusal, RunStatus } from '@stepwell/contracts';
import { inIsolation } from '@stepwell/engine';
import { type StepContext, workflow } from '@stepwell/sdk';
import { insertRuns, pgSql, uuidV7 } from '@stepwell/storage';
import { type Engine, type RunRow, startEngine, TENANT, until } from './engine.js';

const keys = new Map<string, string[]>();
const mended = new Set<string>();
/** What the step of a run waits for before it is tried. */
const held = new Map<string, Promise<unknown>>();

async function press(ctx: StepContext<unknown>): Promise<string> {
  await held.get(ctx.runId);
  keys.set(ctx.runId, [...(keys.get(ctx.runId) ?? []), ctx.idempotencyKey]);
  if (!mended.has(ctx.runId)) throw new Error(`The press is jammed (${ctx.attempt}).`);
  return 'pressed';
}

const PARKED = { retry: { attempts: 2, backoff: '1ms' }, onExhausted: 'park' } as const;
const WORKFLOWS = [
  workflow<unknown>('parked', { version: 1 }).then('press', press, PARKED),
  workflow<unknown>('elsewhere', { version: 1 }).then('press', press, { ...PARKED, queue: 'presses' }),
  workflow<unknown>('beside', { version: 1 }).parallel(
    { press: (one) => one.then('press', press, PARKED), fold: (one) => one.wait('10ms').then('fold', () => 'folded') },
    { mode: 'collect-all' },
  ),
];

describe('a run with an incident', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: WORKFLOWS });
    await engine.spawn({ worker: { queues: ['presses'] } });
  });
  afterAll(() => engine.close());

  const actor = (name: string) => ({ id: name, name, kind: 'user' }) as const;
  const retry = (runId: string, by = 'ada') => engine.process.retries.retry({ tenant: TENANT, runId, actor: actor(by), reason: 'mended' });
  const untilIncident = (runId: string) =>
    until(
      () => engine.row(runId),
      ({ status, wait_reasons }) => status === RunStatus.waiting && wait_reasons.join() === 'incident',
      `Run ${runId} should wait for a person`,
    );
  const parked = async (workflow = 'parked') => {
    const runId = await engine.start(workflow);
    return { runId, row: await untilIncident(runId) };
  };

  it('waits, and says in its row why', async () => {
    const { row } = await parked();
    expect(row).toMatchObject({
      ...{ wait_reasons: ['incident'], due_at: null, worker: null },
      ...{ error_code: 'STEP_FAILED', error_message: 'The press is jammed (2).' },
    });
  });

  it.each(['parked', 'elsewhere'])('goes on in place when it is retried, with the key it had (%s)', async (workflow) => {
    const { runId } = await parked(workflow);
    mended.add(runId);
    expect(await retry(runId)).toBe(runId);
    const row = await engine.waitFor(runId, RunStatus.completed);
    expect(row).toMatchObject({ error_code: null, error_message: null });
    expect(await engine.output(runId)).toBe('pressed');
    expect(keys.get(runId)).toHaveLength(3);
    expect(new Set(keys.get(runId)).size).toBe(1);
    const [retried] = (await engine.facts(runId)).filter(({ type }) => type === 'incident.retried');
    expect(retried?.payload).toEqual({ by: actor('ada'), reason: 'mended' });
  });

  it('has as many attempts again, and is retried once by two people at once', async () => {
    const { runId } = await parked();
    const both = Promise.allSettled([retry(runId, 'ada'), retry(runId, 'bob')]);
    // Else the first one's retry may have failed before the second one looks, who then retries another incident.
    held.set(runId, both);
    const outcomes = await both;
    expect(outcomes.map(({ status }) => status)).toContain('fulfilled');
    // Who comes when the step goes on already finds no incident.
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'RUN_NOT_RETRYABLE' });
    await until(
      () => engine.types(runId),
      (types) => types.filter((type) => type === 'incident.opened').length === 2,
      'A second incident should be opened',
    );
    await untilIncident(runId);
    expect(keys.get(runId)).toHaveLength(4);
    expect((await engine.types(runId)).filter((type) => type === 'incident.retried')).toHaveLength(1);
  });

  it('does what is beside it first', async () => {
    const { runId } = await parked('beside');
    expect((await engine.facts(runId)).some(({ type, path }) => type === 'step.completed' && path.endsWith('fold'))).toBe(true);
    mended.add(runId);
    await retry(runId);
    await engine.waitFor(runId, RunStatus.completed);
  });

  it('is canceled like any other', async () => {
    const { runId } = await parked();
    await engine.runs.cancel({ tenant: TENANT, runId, actor: actor('ada'), reason: null });
    await engine.waitFor(runId, RunStatus.canceled);
  });

  it('is the only kind of live run that can be retried', async () => {
    const { runId } = await parked();
    mended.add(runId);
    await retry(runId);
    await engine.waitFor(runId, RunStatus.completed);
    const refused = await retry(runId).catch((error: unknown) => error);
    expect(isRefusal(refused, 'RUN_NOT_RETRYABLE') && refused.message).toContain('completed');
  });
});

describe('a worker in isolation', () => {
  it('is idle only when no suspect is left, whatever others have queued before it', async () => {
    const engine = await startEngine({ workflows: [workflow<unknown>('ready', { version: 1 }).then('do', () => 'done')] });
    try {
      const ids = ['a', 'b', 'z'].map((tenant) => ({ tenant, id: uuidV7() }));
      await insertRuns(
        pgSql(engine.pool),
        ids.map((one) => ({
          ...{ ...one, workflow: 'ready', version: 1, queue: 'own', worker: null, startedBy: 'api', actor: null, causeEvent: null },
          ...{ causeRun: null, key: null, input: 'null', priority: 0, permitKey: null },
        })),
      );
      const suspect = ids[2]?.id ?? '';
      await engine.query('UPDATE runs SET crashes = ARRAY[new_id(), new_id()], needs = $2 WHERE id = $1', [
        suspect,
        inIsolation('ready@1'),
      ]);
      let spawned: Promise<unknown> = Promise.resolve();
      const atIdle = await new Promise<RunRow>((resolve) => {
        const worker = { isIsolated: true, maxActive: 1, queues: ['own'] };
        spawned = engine.spawn({ worker, onIdle: () => resolve(engine.row(suspect)) });
      });
      // It may be idle before it has told that it has started; the engine closes those that have.
      await spawned;
      expect(atIdle.status).toBe(RunStatus.completed);
    } finally {
      await engine.close();
    }
  });
});
