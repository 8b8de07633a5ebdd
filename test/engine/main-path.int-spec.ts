import { RunStatus } from '@stepwell/contracts';
import { event, Screen, type ScreenHandler, Step, type StepContext, type StepHandler, workflow } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import { appendInbox, pgSql } from '@stepwell/storage';
import { type Engine, startEngine, TENANT } from './engine.js';

class Order {
  total!: number;
}

@Step({ id: 'triage' })
class Triage implements StepHandler<{ large: boolean }> {
  run(ctx: StepContext<Order>) {
    return { large: ctx.input.total > 100 };
  }
}

class Verdict {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

@Screen({ id: 'approve', title: 'Approve the order' })
class Approve implements ScreenHandler<{ total: number }, Verdict> {
  readonly answer = Verdict;
  props(ctx: { input: Order }) {
    return { total: ctx.input.total };
  }
}

const Approved = event<{ verdict: string }>('order.approved');

const order = workflow<Order>('order', { version: 1 })
  .then(Triage)
  .when(
    (ctx) => ctx.resultOf(Triage).large,
    (yes) => yes.screen(Approve),
  )
  .then('close', (ctx) => ({ verdict: ctx.maybeAnswerOf(Approve)?.verdict ?? 'automatic' }))
  .emit(Approved, (ctx) => ({ verdict: ctx.resultOf<{ verdict: string }>('close').verdict }));

const three = workflow<unknown>('three', { version: 1 })
  .then('one', () => ({ n: 1 }))
  .then('two', (ctx) => ({ n: ctx.resultOf<{ n: number }>('one').n + 1 }))
  .then('three-3', (ctx) => ({ n: ctx.resultOf<{ n: number }>('two').n + 1 }));

const branches = workflow<unknown>('branches', { version: 1 }).parallel({
  a: (flow) => flow.then('a1', () => 'A'),
  b: (flow) => flow.wait('20ms').then('b1', () => 'B'),
});

describe('the main path', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [order, three, branches], providers: [Triage, Approve] });
  });
  afterAll(() => engine.close());

  it('runs three steps and ends with the last output', async () => {
    const id = await engine.start('three');
    await engine.waitFor(id, RunStatus.completed);
    expect(await engine.output(id)).toEqual({ n: 3 });
    expect((await engine.facts(id)).map((fact) => fact.type)).toEqual([
      'run.started',
      'step.completed',
      'step.completed',
      'step.completed',
      'run.ended',
    ]);
  });

  it('waits at a screen, goes on with the answer, and emits in the commit of the step before', async () => {
    const id = await engine.start('order', { total: 500 });
    const waiting = await engine.waitFor(id, RunStatus.waiting);
    expect(waiting.wait_reasons).toEqual(['task']);
    const { rows } = await engine.database.pool.query<{ id: string; props: unknown }>('SELECT id, props FROM tasks WHERE run_id = $1', [
      id,
    ]);
    expect(rows).toMatchObject([{ props: { total: 500 } }]);
    await appendInbox(pgSql(engine.pool), {
      tenant: TENANT,
      runId: id,
      kind: 'task.completed',
      dedupeKey: 'x',
      payload: { taskId: rows[0]?.id, answer: { verdict: 'yes' }, by: null },
    });
    engine.hints.wake(['default']);
    await engine.waitFor(id, RunStatus.completed);
    const events = await engine.database.pool.query('SELECT name, payload FROM events WHERE source_run = $1', [id]);
    expect(events.rows).toEqual([{ name: 'order.approved', payload: { verdict: 'yes' } }]);
  });

  it('takes no branch when no condition holds', async () => {
    const id = await engine.start('order', { total: 5 });
    await engine.waitFor(id, RunStatus.completed);
    expect((await engine.facts(id)).find((fact) => fact.type === 'branch.chosen')?.payload).toEqual({ choice: -1 });
  });

  it('runs branches side by side and gives their outputs by name', async () => {
    const id = await engine.start('branches');
    await engine.waitFor(id, RunStatus.completed);
    expect(await engine.output(id)).toEqual({ a: 'A', b: 'B' });
  });
});
