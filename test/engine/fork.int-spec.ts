/** Forks on a real database: another run goes on from where this one was, with what a person has changed, and does nothing again. */
import { RunStatus } from '@stepwell/contracts';
import { RunFork } from '@stepwell/runtime';
import { type StepContext, workflow } from '@stepwell/sdk';
import { pgSql, readRunPayloads } from '@stepwell/storage';
import { type Engine, startEngine, TENANT } from './engine.js';

interface Order {
  readonly amount: number;
}

const executions: { step: string; runId: string; key: string }[] = [];
const executed = (runId: string) => executions.filter((one) => one.runId === runId).map(({ step }) => step);
const keyOf = (runId: string, step: string) => executions.find((one) => one.runId === runId && one.step === step)?.key;

function work<T>(step: string, output: (ctx: StepContext<Order>) => T) {
  return async (ctx: StepContext<Order>): Promise<T> => {
    executions.push({ step, runId: ctx.runId, key: ctx.idempotencyKey });
    return output(ctx);
  };
}

const invoice = workflow<Order>('invoice', { version: 1 })
  .then(
    'price',
    work('price', (ctx) => ({ net: ctx.input.amount, note: 'x'.repeat(70_000) })),
  )
  .parallel({
    mail: (mail) =>
      mail.then(
        'send',
        work('send', () => 'sent'),
      ),
    book: (book) =>
      book.then(
        'enter',
        work('enter', () => 'entered'),
      ),
  })
  .forEach(
    () => ['a', 'b'],
    (each) =>
      each.then(
        'pack',
        work('pack', (ctx) => ctx.input.amount),
      ),
  )
  .then(
    'total',
    work('total', (ctx) => ctx.resultOf<{ net: number }>('price').net + ctx.input.amount),
  );

const asking = workflow<Order>('asking', { version: 1 })
  .then(
    'price',
    work('price', () => 1),
  )
  .wait('1h')
  .then(
    'total',
    work('total', () => 2),
  );

const perCustomer = workflow<{ customer: string }>('per-customer', { version: 1, singleton: { key: (input) => input.customer } }).then(
  'bill',
  (ctx) => ctx.input.customer,
);

describe('a fork', () => {
  let engine: Engine;
  let forks: RunFork;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [invoice, asking, perCustomer] });
    forks = new RunFork(engine.database.pool, engine.catalog, engine.hints);
  });
  afterAll(() => engine.close());

  const fork = (runId: string, path: string | null, more: Partial<Parameters<RunFork['fork']>[0]> = {}) =>
    forks.fork({
      tenant: TENANT,
      runId,
      from: path === null ? null : { path, iteration: '' },
      input: undefined,
      outputs: [],
      actor: { id: 'olga', name: 'Olga', kind: 'user' },
      reason: 'wrong price',
      ...more,
    });
  const completed = async (runId: string) => {
    await engine.waitFor(runId, RunStatus.completed);
    return engine.output(runId);
  };
  const invoiced = async () => {
    const runId = await engine.start('invoice', { amount: 5 });
    await completed(runId);
    return runId;
  };

  it('of a completed run does the step it begins with and those after it, and none before', async () => {
    const runId = await invoiced();
    const before = await engine.row(runId);
    const forked = await fork(runId, 'total');
    expect(await completed(forked)).toBe(10);
    expect(executed(forked)).toEqual(['total']);
    expect(await engine.row(forked)).toMatchObject({ started_by: 'fork', cause_run: runId, lineage_root: forked, parent_run: null });
    expect(await engine.row(runId)).toEqual(before);
  });

  it('has keys of its own, so that what it does outside is done', async () => {
    const runId = await invoiced();
    const forked = await fork(runId, 'total');
    await completed(forked);
    expect(keyOf(forked, 'total')).not.toBe(keyOf(runId, 'total'));
  });

  it('reads the input and the outputs that a person has put in place of the old ones', async () => {
    const runId = await invoiced();
    const outputs = [{ path: 'price', iteration: '', output: { net: 100 } }];
    const forked = await fork(runId, 'total', { input: { amount: 7 }, outputs });
    expect(await completed(forked)).toBe(107);
    const again = await fork(forked, 'total');
    expect(await completed(again)).toBe(107);
    const payloads = await readRunPayloads(pgSql(engine.database.pool), TENANT, [runId, forked, again]);
    expect([runId, forked, again].map((id) => payloads.get(id)?.input)).toEqual([{ amount: 5 }, { amount: 7 }, { amount: 7 }]);
    expect((await engine.facts(forked)).find(({ type }) => type === 'fork.started')).toMatchObject({
      payload: { runId, by: { id: 'olga' }, reason: 'wrong price', from: { path: 'total' }, input: { amount: 7 }, outputs },
    });
  });

  it('from one item of a list does that item and the next, and keeps what ran beside and before', async () => {
    const runId = await invoiced();
    const path = (await engine.facts(runId)).find((fact) => fact.path.endsWith('/pack'))?.path ?? 'none';
    const forked = await fork(runId, null, { from: { path, iteration: '1' }, input: { amount: 1 } });
    expect(await completed(forked)).toBe(6);
    expect(executed(forked)).toEqual(['pack', 'total']);
  });

  it('from the start does everything', async () => {
    const runId = await invoiced();
    const forked = await fork(runId, null, { input: { amount: 2 } });
    expect(await completed(forked)).toBe(4);
    expect(executed(forked)).toEqual(['price', 'send', 'enter', 'pack', 'pack', 'total']);
  });

  it('stands at the gate of the input that it was given', async () => {
    const runId = await engine.start('per-customer', { customer: 'ann' });
    await completed(runId);
    const forked = await fork(runId, 'bill', { input: { customer: 'bob' } });
    expect(await completed(forked)).toBe('bob');
    expect(await engine.query('SELECT permit_key FROM runs WHERE id = ANY($1) ORDER BY id', [[runId, forked]])).toEqual([
      { permit_key: 'ann' },
      { permit_key: 'bob' },
    ]);
  });

  it('of a run that still waits leaves it alone, and waits anew', async () => {
    const runId = await engine.start('asking', { amount: 1 });
    await engine.waitFor(runId, RunStatus.waiting);
    const wait = (await engine.facts(runId)).find(({ type }) => type === 'wait.started')?.path ?? 'none';
    const forked = await fork(runId, wait);
    await engine.waitFor(forked, RunStatus.waiting);
    expect([executed(forked), (await engine.row(runId)).status]).toEqual([[], 'waiting']);
  });

  it('is refused from where the run has not been, with an output that was not there, or with what is no JSON', async () => {
    const runId = await engine.start('asking', { amount: 1 });
    await engine.waitFor(runId, RunStatus.waiting);
    const refused = (reason: string) => ({ code: 'RUN_NOT_FORKABLE', message: expect.stringContaining(reason) as string });
    await expect(fork(runId, 'total')).rejects.toMatchObject(refused('it has not come to "total"'));
    const outputs = [{ path: 'total', iteration: '', output: 1 }];
    await expect(fork(runId, 'price', { outputs })).rejects.toMatchObject(refused('"total" had not completed'));
    await expect(fork(runId, 'price', { input: { amount: Number.NaN } })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(fork('00000000-0000-7000-8000-000000000000', null)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});
