/** A decision that can still be taken back when its run ends, or goes another way: on a real engine. */
import { RunStatus } from '@stepwell/contracts';
import { Screen, type ScreenHandler, signal, workflow } from '@stepwell/sdk';
import { decideTask, pgSql } from '@stepwell/storage';
import { IsOptional } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from '../../../test/engine/engine.js';
import { NoFeed } from '../../../test/engine/no-feed.js';
import { ScreensOf } from '../../../test/tasks/screens-of.js';
import { person } from '../../../test/tasks/task-desk.js';
import { TaskService } from '../task.service.js';
import { sealTenant } from './seal-tenant.js';
import { verifyChain } from './verify-chain.js';

class Answer {
  @IsOptional()
  note?: string;
}

@Screen({ id: 'check', title: 'Check' })
class Check implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

const HELD = { undoWindow: '1h' } as const;
const Enough = signal('enough', Answer);
const alone = workflow('alone', { version: 1 }).screen(Check, HELD);
const raced = workflow('raced', { version: 1, signals: [Enough] }).race({
  ask: (ask) => ask.screen(Check, HELD),
  call: (call) => call.waitForSignal(Enough),
});

/** Each run that is at work, and what lets it end. */
const atWork = new Map<string, () => void>();
const overtaken = workflow('overtaken', { version: 1, signals: [Enough] }).race({
  ask: (ask) => ask.screen(Check, HELD),
  work: (work) =>
    work.waitForSignal(Enough).then('work', ({ runId }) => new Promise<null>((resolve) => atWork.set(runId, () => resolve(null)))),
});

describe('a decision that its run withdraws', () => {
  let engine: Engine;
  beforeAll(async () => {
    // No report of a step that takes long waits for who decides, before the end of that step does.
    engine = await startEngine({ workflows: [alone, raced, overtaken], providers: [Check], worker: { reportMs: 600_000 } });
  });
  afterAll(() => engine.close());

  it.each([
    ['alone', RunStatus.canceled, /^Its run has ended: canceled$/],
    // The end of the race, and of the run behind it, may be in one commit.
    ['raced', RunStatus.completed, /^Its run (went another way|has ended: completed)$/],
  ])('has a second record, which names the first and says why: %s', async (name, status, reason) => {
    const ann = person('Ann');
    const runId = await engine.start(name);
    await engine.waitFor(runId, RunStatus.waiting);
    const [task] = await engine.query<{ id: string }>('SELECT id FROM tasks WHERE run_id = $1', [runId]);
    const id = task?.id ?? '';
    const tasks = new TaskService(engine.pool, new ScreensOf(Answer), engine.hints, new NoFeed());
    await tasks.complete({ tenant: TENANT, id, actor: ann, expectedVersion: 1, answer: { note: 'yes' } });
    const said = { tenant: TENANT, runId, actor: ann };
    if (name === 'alone') await engine.runs.cancel({ ...said, reason: null });
    else await engine.process.signals.send({ ...said, name: 'enough', payload: {} });
    await engine.waitFor(runId, status);
    const records = await engine.query<{ id: string; record: object }>('SELECT id, record FROM decisions WHERE task_id = $1 ORDER BY id', [
      id,
    ]);
    const answer = { note: 'yes' };
    expect(records.map(({ record }) => record)).toMatchObject([
      { kind: 'completed', actor: ann, answer },
      {
        kind: 'withdrawn',
        actor: null,
        answer,
        reason: expect.stringMatching(reason),
        withdraws: records[0]?.id,
        task: id,
        run: runId,
        screen: 'check',
      },
    ]);
    expect((await tasks.history(TENANT, [id])).get(id)?.at(-1)).toMatchObject({ id: records[1]?.id, kind: 'canceled', details: { withdraws: records[0]?.id } }); // prettier-ignore
    expect(await tasks.get(TENANT, id)).toMatchObject({ status: 'canceled', answer: null });
    await sealTenant(engine.pool, TENANT, undefined);
    expect(await verifyChain(pgSql(engine.pool), TENANT, [])).toMatchObject({ problems: [] });
  });

  it('is named though it is committed while the flush that withdraws it waits for it', async () => {
    const ann = person('Ann');
    const runId = await engine.start('overtaken');
    await engine.waitFor(runId, RunStatus.waiting);
    const [task] = await engine.query<{ id: string }>('SELECT id FROM tasks WHERE run_id = $1', [runId]);
    const id = task?.id ?? '';
    await engine.process.signals.send({ tenant: TENANT, runId, actor: ann, name: 'enough', payload: {} });
    const finish = await until(() => atWork.get(runId), (found) => found !== undefined, 'The step should be at work'); // prettier-ignore
    const deciding = await engine.database.pool.connect();
    try {
      await deciding.query('BEGIN');
      const verdict = { status: 'completed', answer: { note: 'yes' }, idempotencyKey: null } as const;
      const none = { formHash: null, build: null, isAgreed: false };
      const outcome = await decideTask(pgSql(deciding), { tenant: TENANT, id, runId, actor: ann, expectedVersion: 1, undoMs: 3_600_000, verdict, ...none }); // prettier-ignore
      expect(outcome.kind).toBe('decided');
      finish?.();
      await until(
        () => engine.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%flush-with-withdrawals%'`),
        (waiting) => waiting.length > 0,
        'The flush should wait for who decides',
      ); // prettier-ignore
      await deciding.query('COMMIT');
    } finally {
      deciding.release();
    }
    await engine.waitFor(runId, RunStatus.completed);
    const records = await engine.query<{ id: string; record: object }>('SELECT id, record FROM decisions WHERE task_id = $1 ORDER BY id', [
      id,
    ]);
    expect(records.map(({ record }) => record)).toMatchObject([{ kind: 'completed' }, { kind: 'withdrawn', withdraws: records[0]?.id }]);
    const history = await engine.query('SELECT details FROM task_history WHERE task_id = $1 AND kind = $2', [id, 'canceled']);
    expect(history).toEqual([{ details: { withdraws: records[0]?.id } }]);
  });
});
