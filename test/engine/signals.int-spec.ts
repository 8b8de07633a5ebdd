/** What is said to runs that live, on a real database. */
import { RunStatus } from '@stepwell/contracts';
import { signal, workflow } from '@stepwell/sdk';
import { IsInt, IsOptional, IsString } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from './engine.js';

class NewLimit {
  @IsInt()
  limit!: number;
}
const RaiseLimit = signal('raise-limit', NewLimit);

class Order {
  @IsInt()
  limit!: number;
  @IsOptional()
  @IsString()
  note?: string;
}

let entered = (): void => undefined;
let leave = (): void => undefined;
const reached = new Promise<void>((resolve) => (entered = resolve));
const released = new Promise<void>((resolve) => (leave = resolve));

const WORKFLOWS = [
  workflow<Order>('correct', { version: 1, input: Order, signals: [RaiseLimit] })
    .then('slow', async (ctx) => {
      if (ctx.isResumed) return ctx.input.limit;
      entered();
      await released;
      return ctx.suspend({ for: '1ms' });
    })
    .waitForSignal(RaiseLimit, { id: 'raised' })
    .waitForSignal(RaiseLimit, { id: 'again', timeout: '1ms' })
    .then('end', (ctx) => ({ slow: ctx.resultOf('slow'), input: ctx.input, raised: ctx.resultOf('raised'), again: ctx.resultOf('again') })),
  workflow<unknown>('purchase', { version: 1, signals: [RaiseLimit] })
    .waitForEvent({ name: 'order.approved', external: true })
    .then('buy', (ctx) => ctx.lastSignal(RaiseLimit)?.limit ?? 100),
  workflow<unknown>('late', { version: 1, signals: [RaiseLimit] })
    .waitForEvent({ name: 'order.approved', external: true })
    .waitForSignal(RaiseLimit),
  workflow<unknown>('deaf', { version: 1 }).waitForEvent({ name: 'order.approved', external: true }),
];

describe('a signal', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: WORKFLOWS });
  });
  afterAll(() => engine.close());

  const ada = { id: 'ada', name: 'Ada', kind: 'user' } as const;
  const send = (runId: string, payload: unknown, name = 'raise-limit') =>
    engine.process.signals.send({ tenant: TENANT, runId, actor: ada, name, payload });
  const waiting = async (flow: string) => {
    const runId = await engine.start(flow);
    await engine.waitFor(runId, RunStatus.waiting);
    return runId;
  };

  it('is refused while a thousand of its name are kept for a wait that has taken none of them', async () => {
    const runId = await waiting('late');
    await engine.query(
      `INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
       SELECT $1, $2, 'signal.received', 'signal:' || n, '{"name": "raise-limit", "payload": {"limit": 1}, "by": null}' FROM generate_series(1, 999) n`,
      [TENANT, runId],
    );
    await send(runId, { limit: 2 });
    // Read or not, they are kept.
    await expect(send(runId, { limit: 3 })).rejects.toMatchObject({ code: 'SIGNALS_UNHEARD' });
    await until(
      () => engine.types(runId),
      (types) => types.filter((type) => type === 'signal.received').length === 1_000,
      'All should be facts',
    );
    await expect(send(runId, { limit: 3 })).rejects.toMatchObject({ code: 'SIGNALS_UNHEARD' });
  });

  it('is refused while a thousand messages wait for a paused run to be resumed', async () => {
    const runId = await waiting('purchase');
    // The pause is a message, too.
    await engine.process.signals.pause({ tenant: TENANT, runId, actor: ada, reason: null });
    await engine.query(
      `INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
       SELECT $1, $2, 'signal.received', 'signal:' || n, '{"name": "raise-limit", "payload": {"limit": 1}, "by": null}' FROM generate_series(1, 998) n`,
      [TENANT, runId],
    );
    await send(runId, { limit: 2 });
    await expect(send(runId, { limit: 3 })).rejects.toMatchObject({ code: 'MESSAGES_UNREAD' });
  });

  it('is a fact, and what later steps read; the last one counts', async () => {
    const runId = await waiting('purchase');
    for (const limit of [200, 250]) await send(runId, { limit });
    const { signals } = engine.process;
    await signals.pause({ tenant: TENANT, runId, actor: ada, reason: null });
    await signals.resume({ tenant: TENANT, runId, actor: ada, reason: null });
    await engine.waitFor(runId, RunStatus.waiting);
    const received = (await engine.facts(runId)).filter(({ type }) => type === 'signal.received');
    expect(received.map(({ payload }) => payload)).toEqual(
      [200, 250].map((limit) => ({ name: 'raise-limit', payload: { limit }, by: ada })),
    );
    const [wait] = await engine.query<{ id: string }>('SELECT id FROM event_waits WHERE run_id = $1', [runId]);
    const event = { id: '01900000-0000-7000-8000-000000000001', name: 'order.approved', payload: {}, emittedAt: '2026-01-01T00:00:00Z', idempotencyKey: null, runId: null }; // prettier-ignore
    await engine.query(
      `WITH told AS (UPDATE runs SET attention = attention + 1, status = 'queued' WHERE id = $1)
       INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload) VALUES ('default', $1, 'event.arrived', 'e', $2)`,
      [runId, { waitId: wait?.id, event }],
    );
    engine.hints.wake(['default']);
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe(250);
    await expect(send(runId, { limit: 1 })).rejects.toMatchObject({ code: 'RUN_ENDED' });
  });

  it('that is said twice in the same words is two: who had no answer may say it again, and it is heard twice', async () => {
    const runId = await waiting('purchase');
    for (const limit of [300, 300]) await send(runId, { limit });
    const received = async () => (await engine.types(runId)).filter((type) => type === 'signal.received').length;
    await until(received, (count) => count === 2, 'Both should be heard');
  });

  it('is kept for the wait that it came before; an update of the context is seen by what begins after it', async () => {
    const runId = await engine.start('correct', { limit: 1, note: 'n' });
    await reached;
    const update = (patch: unknown) => engine.process.signals.updateContext({ tenant: TENANT, runId, actor: ada, reason: 'typo', patch });
    await expect(update({ limit: 'much' })).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'limit' }] });
    await expect(update({ other: 1 })).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'other' }] });
    await expect(update([1])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await update({ limit: 2 });
    await send(runId, { limit: 9 });
    await until(() => engine.types(runId), (types) => types.includes('signal.received'), 'The signal should have come'); // prettier-ignore
    leave();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({
      slow: 1,
      input: { limit: 2, note: 'n' },
      raised: { timedOut: false, payload: { limit: 9 }, by: ada },
      again: { timedOut: true, payload: null, by: null },
    });
    await expect(update({ limit: 3 })).rejects.toMatchObject({ code: 'RUN_ENDED' });
    const deaf = await waiting('deaf');
    await expect(engine.process.signals.updateContext({ tenant: TENANT, runId: deaf, actor: ada, reason: null, patch: {} })).rejects.toMatchObject({ code: 'CONTEXT_NOT_UPDATABLE' }); // prettier-ignore
  });

  it('is refused when its workflow does not take it, or its class does not', async () => {
    const [deaf, runId] = [await waiting('deaf'), await waiting('purchase')];
    await expect(send(deaf, { limit: 1 })).rejects.toMatchObject({ code: 'SIGNAL_UNKNOWN' });
    await expect(send(runId, { limit: 'much' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(send(runId, { limit: 1, more: 2 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await engine.types(runId)).not.toContain('signal.received');
  });
});
