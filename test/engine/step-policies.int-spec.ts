import { RunStatus } from '@stepwell/contracts';
import { event, type StepContext, workflow } from '@stepwell/sdk';
import type { EntityManager } from 'typeorm';
import { type Engine, startEngine, until } from './engine.js';
import { type Gate, gate } from './standing-between.js';

const Noticed = event<{ code: string }>('test.noticed');

const doors = new Map<string, { mayEnd: Gate; aborted: unknown }>();
const holding = async (ctx: StepContext<unknown>): Promise<string> => {
  const door: { mayEnd: Gate; aborted: unknown } = { mayEnd: gate(), aborted: undefined };
  doors.set(ctx.runId, door);
  ctx.signal.addEventListener('abort', () => (door.aborted = ctx.signal.reason));
  await door.mayEnd.opened;
  return 'late';
};

const keys: string[] = [];
const WORKFLOWS = [
  workflow<unknown>('late', { version: 1 })
    .then('work', holding, {
      deadline: {
        after: '40ms',
        onBreach: ({ code }, ctx) => {
          ctx.emit(Noticed, { code });
          return { code, attempt: ctx.attempt };
        },
      },
    })
    .wait('1h'),
  workflow<unknown>('substituted', { version: 1 })
    .then('asked', () => 1, { when: () => false })
    .then(
      'rate',
      (ctx) => {
        keys.push(ctx.idempotencyKey);
        throw new Error('no rate');
      },
      {
        delay: '5ms',
        onFailure: (failure, ctx) => {
          keys.push(ctx.idempotencyKey);
          return ctx.transaction(async (manager: EntityManager) => {
            await manager.query('INSERT INTO noted (message) VALUES ($1)', [failure.message]);
            return { rate: null };
          });
        },
      },
    ),
  workflow<unknown>('twice-failed', { version: 1 }).then('rate', () => Promise.reject(new Error('no rate')), {
    onFailure: (_failure, ctx) => ctx.suspend({ for: '1s' }),
  }),
];

describe('the policies of a step, on a worker', () => {
  let engine: Engine;
  beforeAll(async () => {
    // No note that a step takes long, which a slow machine would add.
    engine = await startEngine({ workflows: WORKFLOWS, worker: { reportMs: 600_000 } });
    await engine.query('CREATE TABLE noted (message text)');
  });
  afterAll(() => engine.close());

  it('a deadline aborts the handler that runs, its breach is answered, and the late result is recorded but not applied', async () => {
    const runId = await engine.start('late');
    await until(
      () => engine.types(runId),
      (types) => types.includes('wait.started'),
      'The run should go on',
    );
    expect(doors.get(runId)?.aborted).toMatchObject({ message: 'The time of the step is over.' });
    doors.get(runId)?.mayEnd.open();
    const types = await until(
      () => engine.types(runId),
      (all) => all.includes('attempt.discarded'),
      'The late result should be recorded',
    );
    expect(types).toEqual(['run.started', 'step.ready', 'deadline.passed', 'step.completed', 'wait.started', 'attempt.discarded']);
    const completed = (await engine.facts(runId)).find(({ type }) => type === 'step.completed');
    expect(completed?.payload).toMatchObject({ output: { code: 'DEADLINE_PASSED', attempt: 1 }, substitute: 'breach' });
    expect(await engine.query('SELECT payload FROM events WHERE source_run = $1', [runId])).toEqual([
      { payload: { code: 'DEADLINE_PASSED' } },
    ]);
  });

  it('what stands in for a failed step may use a transaction, under a key of its own', async () => {
    const runId = await engine.start('substituted');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ rate: null });
    expect(await engine.query('SELECT message FROM noted')).toEqual([{ message: 'no rate' }]);
    expect(new Set(keys).size).toBe(2);
    const types = ['run.started', 'step.skipped', 'step.ready', 'attempt.failed', 'step.completed', 'run.ended'];
    expect(await engine.types(runId)).toEqual(types);
  });

  it('what stands in for a step cannot suspend', async () => {
    const runId = await engine.start('twice-failed');
    const { error_message: message } = await engine.waitFor(runId, RunStatus.failed);
    expect(message).toBe(
      'no rate Its onFailure failed too: Step "rate": what stands in for its output cannot suspend. Put a step behind it.',
    );
  });
});
