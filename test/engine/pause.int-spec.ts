/** Runs that are paused at any moment, on a real database. */
import { RunStatus } from '@stepwell/contracts';
import { event, type StepContext, workflow } from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';

const Paid = event<{ order: string }>('order.paid', { external: true });
const gates = new Map<string, () => void>();
/** A step that goes on when the test says so. */
const held = (ctx: StepContext<unknown>) =>
  new Promise<string>((resolve) => gates.set(`${ctx.runId} ${ctx.stepId}`, () => resolve(ctx.stepId)));

const WORKFLOWS = [
  workflow<unknown>('two-steps', { version: 1 })
    .then('first', held)
    .then('second', () => 'done'),
  workflow<unknown>('waiting', { version: 1 })
    .waitForEvent(Paid, { id: 'paid', match: () => ({}) })
    .then('ship', () => 'shipped'),
];

describe('a paused run', () => {
  let engine: Engine;
  beforeAll(async () => {
    // No note that a step takes long, which a slow machine would add.
    engine = await startEngine({ workflows: WORKFLOWS, worker: { reportMs: 600_000 } });
  });
  afterAll(() => engine.close());

  const ada = { id: 'ada', name: 'Ada', kind: 'user' } as const;
  const request = (runId: string) => ({ tenant: TENANT, runId, actor: ada, reason: 'a look' });
  const pause = (runId: string) => engine.process.signals.pause(request(runId));
  const resume = (runId: string) => engine.process.signals.resume(request(runId));
  const untilHeld = (runId: string) =>
    until(() => gates.get(`${runId} first`), Boolean, 'The first step should run') as Promise<() => void>;

  it('lets the step that runs finish, gives its lease up, and goes on where it was', async () => {
    const runId = await engine.start('two-steps');
    const letGo = await untilHeld(runId);
    await pause(runId);
    expect(await engine.row(runId)).toMatchObject({ status: 'running' });
    letGo();
    expect(await engine.waitFor(runId, RunStatus.paused)).toMatchObject({ worker: null, wait_reasons: [] });
    // The owner hears of it at the latest with the commit of what ran.
    expect((await engine.types(runId)).sort()).toEqual(['run.paused', 'run.started', 'step.completed']);
    await pause(runId);
    await resume(runId);
    await engine.waitFor(runId, RunStatus.completed);
    const facts = await engine.facts(runId);
    expect(facts.slice(3).map(({ type }) => type)).toEqual(['run.resumed', 'step.completed', 'run.ended']);
    expect(facts.find(({ type }) => type === 'run.paused')?.payload).toEqual({ by: ada, reason: 'a look' });
  });

  it('that nobody advances is paused at once, and hears of all that came when it is resumed', async () => {
    const runId = await engine.start('waiting');
    await engine.waitFor(runId, RunStatus.waiting);
    await pause(runId);
    expect((await engine.row(runId)).status).toBe(RunStatus.paused);
    const [wait] = await engine.query<{ id: string }>('SELECT id FROM event_waits WHERE run_id = $1', [runId]);
    const payload = { waitId: wait?.id, event: { id: uuidV7(), name: 'order.paid', payload: {}, emittedAt: '2026-01-01T00:00:00Z', idempotencyKey: null, runId: null } }; // prettier-ignore
    await engine.query(`WITH told AS (UPDATE runs SET attention = attention + 1 WHERE id = $1)
      INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload) VALUES ('default', $1, 'event.arrived', 'e', $2)`, [runId, payload]); // prettier-ignore
    await resume(runId);
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toBe('shipped');
  });

  it('is canceled without being resumed', async () => {
    const runId = await engine.start('waiting');
    await engine.waitFor(runId, RunStatus.waiting);
    await pause(runId);
    await engine.runs.cancel({ tenant: TENANT, runId, actor: null, reason: null });
    await engine.waitFor(runId, RunStatus.canceled);
    await expect(pause(runId)).rejects.toMatchObject({ code: 'RUN_ENDED' });
  });

  it('is refused to a run that is being canceled', async () => {
    const runId = await engine.start('two-steps');
    const letGo = await untilHeld(runId);
    await engine.query('UPDATE runs SET cancel_requested_at = now() WHERE id = $1', [runId]);
    await expect(pause(runId)).rejects.toMatchObject({ code: 'RUN_CANCELING' });
    letGo();
    await engine.waitFor(runId, RunStatus.completed);
  });
});
