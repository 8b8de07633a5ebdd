/** Keys of steps on a real database: what one run has done is not done again by another. */
import { RunStatus } from '@stepwell/contracts';
import { type StepContext, UnknownEffectError, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { type Gate, gate, StandingBetween } from './standing-between.js';

interface Order {
  readonly id: string;
  readonly fails?: boolean;
}
const doors = new Map<string, { begun: Gate; mayEnd: Gate; keys: string[] }>();
const doorOf = (id: string) => {
  const door = doors.get(id) ?? { begun: gate(), mayEnd: gate(), keys: [] };
  doors.set(id, door);
  return door;
};
async function charge(ctx: StepContext<Order>): Promise<{ receipt: string }> {
  const door = doorOf(ctx.input.id);
  door.keys.push(ctx.idempotencyKey);
  door.begun.open();
  await door.mayEnd.opened;
  if (ctx.input.fails) throw new Error('declined');
  return { receipt: `${ctx.input.id} of ${ctx.runId}` };
}
const paid: string[] = [];
/** The first one that pays an order never hears of it; whether the card was declined is known. */
function pay({ input, runId }: StepContext<Order>): { receipt: string } {
  paid.push(input.id);
  if (input.fails) throw new Error('declined');
  if (paid.filter((id) => id === input.id).length === 1) throw new UnknownEffectError('no answer');
  return { receipt: `${input.id} of ${runId}` };
}
const key = (ctx: { input: Order }) => `order:${ctx.input.id}`;
const WORKFLOWS = [
  workflow<Order>('charge', { version: 1 }).then('charge', charge, { idempotency: { key } }),
  workflow<Order>('other', { version: 1 }).then('again', charge, { idempotency: { key, lease: '10m' } }),
  workflow<Order>('elsewhere', { version: 1 }).then('charge', charge, { idempotency: { key }, queue: 'elsewhere' }),
  workflow<Order>('hasty', { version: 1 }).then('charge', charge, { idempotency: { key, lease: '300ms' }, timeout: '30ms' }),
  workflow<Order>('pay', { version: 1 }).then('pay', pay, {
    ...{ idempotency: { key, lease: '1ms' }, externalEffect: true, retry: { attempts: 2, backoff: '1h' } },
  }),
  workflow<Order>('quote', { version: 1 }).then('quote', (ctx) => ({ by: ctx.runId }), { cache: { key, ttl: '1h' } }),
  workflow<Order>('keyless', { version: 1 }).then('charge', charge, { idempotency: { key: () => '' } }),
];

describe('a step with a key', () => {
  const between = new StandingBetween();
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: WORKFLOWS, sql: between.sql, committer: between.committer });
    await engine.spawn({ worker: { queues: ['elsewhere'] } });
  });
  afterAll(() => engine.close());

  const rows = (id: string) =>
    engine.query<{ holder: string; expires_at: Date | null }>('SELECT * FROM step_keys WHERE key = $1', [`order:${id}`]);
  const held = (runId: string) =>
    until(
      () => engine.row(runId),
      ({ status, wait_reasons }) => status === RunStatus.waiting && wait_reasons.join() === 'key',
      'The second run should wait for the first',
    );
  /** What it waits for next is due: in the database, and for its worker. */
  const hasten = async (runId: string) => {
    await engine.query(`UPDATE runs SET due_at = clock_timestamp() WHERE id = $1`, [runId]);
    engine.worker.look();
  };
  /** As the sweep does when a worker has fallen silent. */
  const takeOver = async (runId: string) => {
    await engine.query(`UPDATE runs SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE id = $1`, [runId]);
    engine.worker.look();
  };

  it('shows it to its handler, and keeps the output for whoever comes with it, of any workflow', async () => {
    doorOf('A').mayEnd.open();
    const first = await engine.start('charge', { id: 'A' });
    await engine.waitFor(first, RunStatus.completed);
    const second = await engine.start('other', { id: 'A' });
    await engine.waitFor(second, RunStatus.completed);
    expect(await engine.output(second)).toEqual({ receipt: `A of ${first}` });
    expect(doorOf('A').keys).toEqual(['order:A']);
    const [completed] = (await engine.facts(second)).filter(({ type }) => type === 'step.completed');
    expect(completed?.payload.reused).toBe('key');
  });

  it('waits while another run is at it, and then has its output', async () => {
    const first = await engine.start('charge', { id: 'B' });
    await doorOf('B').begun.opened;
    const second = await engine.start('charge', { id: 'B' });
    await held(second);
    doorOf('B').mayEnd.open();
    await engine.waitFor(first, RunStatus.completed);
    await hasten(second);
    await engine.waitFor(second, RunStatus.completed);
    expect(await engine.output(second)).toEqual({ receipt: `B of ${first}` });
    expect(doorOf('B').keys).toHaveLength(1);
  });

  it('has it free again when the other has failed for good', async () => {
    const first = await engine.start('charge', { id: 'C', fails: true });
    await doorOf('C').begun.opened;
    const second = await engine.start('charge', { id: 'C' });
    await held(second);
    doorOf('C').mayEnd.open();
    await engine.waitFor(first, RunStatus.failed);
    await until(
      () => rows('C'),
      (all) => all.length === 0,
      'The key should be given back',
    );
    await hasten(second);
    await engine.waitFor(second, RunStatus.completed);
    expect(doorOf('C').keys).toHaveLength(2);
  });

  it('takes it over when its lease is over, and not before', async () => {
    doorOf('D').mayEnd.open();
    await engine.query(`INSERT INTO step_keys VALUES ('default', 'key', 'order:D', 'gone', clock_timestamp() + interval '1 hour')`);
    const runId = await engine.start('charge', { id: 'D' });
    await held(runId);
    await engine.query(`UPDATE step_keys SET lease_until = clock_timestamp() WHERE key = 'order:D'`);
    await hasten(runId);
    await engine.waitFor(runId, RunStatus.completed);
    expect(doorOf('D').keys).toHaveLength(1);
  });

  it('does not run again when its output was kept and its worker died before it was a fact', async () => {
    doorOf('E').mayEnd.open();
    const lost = between.hold('commit', 'step.completed charge');
    const runId = await engine.start('charge', { id: 'E' });
    await lost.arrived;
    await takeOver(runId);
    lost.release();
    await engine.waitFor(runId, RunStatus.completed);
    expect(doorOf('E').keys).toHaveLength(1);
    expect((await engine.facts(runId)).find(({ type }) => type === 'step.completed')?.payload.reused).toBe('key');
  });

  it('holds it no longer than its lease when its time was over before the answer came', async () => {
    doorOf('H').mayEnd.open();
    const asked = between.hold('take-key', 'order:H');
    const late = await engine.start('hasty', { id: 'H' });
    await asked.arrived;
    await engine.waitFor(late, RunStatus.failed);
    asked.release();
    await until(
      () => rows('H'),
      (all) => all.length === 1,
      'The key should be taken',
    );
    const next = await engine.start('charge', { id: 'H' });
    await engine.waitFor(next, RunStatus.completed);
    expect(await engine.output(next)).toEqual({ receipt: `H of ${next}` });
  });

  it('is asked for by the worker of another queue, too, and its wait is the run’s', async () => {
    await engine.query(`INSERT INTO step_keys VALUES ('default', 'key', 'order:I', 'gone', clock_timestamp() + interval '1 hour')`);
    doorOf('I').mayEnd.open();
    const runId = await engine.start('elsewhere', { id: 'I' });
    await held(runId);
    await engine.query(`UPDATE step_keys SET lease_until = clock_timestamp() WHERE key = 'order:I'`);
    await hasten(runId);
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ receipt: `I of ${runId}` });
  });

  describe('and an effect outside', () => {
    const actor = { id: 'ada', name: 'ada', kind: 'user' } as const;
    const resting = (runId: string, reason: string) =>
      until(
        () => engine.row(runId),
        ({ status, wait_reasons }) => status === RunStatus.waiting && wait_reasons.join() === reason,
        `Run ${runId} should wait: ${reason}`,
      );
    const happened = (runId: string, output: string) =>
      engine.process.retries.resolve({
        ...{ tenant: TENANT, runId, actor, reason: null, path: 'pay', iteration: '', attempt: 1, happened: true, output },
      });

    it('has it until somebody says what happened, however short its lease; the others have what was said', async () => {
      const first = await engine.start('pay', { id: 'J' });
      await resting(first, 'incident');
      const second = await engine.start('pay', { id: 'J' });
      await until(
        () => engine.row(second),
        ({ status }) => [RunStatus.waiting, RunStatus.completed].includes(status as never),
        'The second run should rest',
      );
      expect(paid.filter((id) => id === 'J')).toHaveLength(1);
      await resting(second, 'key');
      await happened(first, 'receipt 7');
      await hasten(second);
      await engine.waitFor(second, RunStatus.completed);
      expect([await engine.output(second), paid.filter((id) => id === 'J').length]).toEqual(['receipt 7', 1]);
    });

    it('has it, canceled, until the run is retried and somebody says what happened', async () => {
      const first = await engine.start('pay', { id: 'K' });
      await resting(first, 'incident');
      await engine.runs.cancel({ tenant: TENANT, runId: first, actor, reason: null });
      await engine.waitFor(first, RunStatus.canceled);
      const second = await engine.start('pay', { id: 'K' });
      await resting(second, 'key');
      const again = await engine.process.retries.retry({ tenant: TENANT, runId: first, actor, reason: null });
      await resting(again, 'incident');
      await happened(again, 'receipt 8');
      await hasten(second);
      await engine.waitFor(second, RunStatus.completed);
      expect([await engine.output(second), paid.filter((id) => id === 'K').length]).toEqual(['receipt 8', 1]);
    });

    it('has it no longer than its lease when it is known that nothing happened', async () => {
      const first = await engine.start('pay', { id: 'L', fails: true });
      await resting(first, 'retry');
      const second = await engine.start('pay', { id: 'L' });
      await engine.waitFor(second, RunStatus.completed);
      expect(await engine.output(second)).toEqual({ receipt: `L of ${second}` });
    });
  });

  it('is the tenant’s own', async () => {
    await engine.query(
      `INSERT INTO step_keys SELECT 'other', kind, key, holder, lease_until, output, expires_at FROM step_keys WHERE key = 'order:A'`,
    );
    await engine.query(`DELETE FROM step_keys WHERE tenant = 'default' AND key = 'order:A'`);
    const runId = await engine.start('charge', { id: 'A' });
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ receipt: `A of ${runId}` });
  });

  it('fails the run, visibly, when its key is none', async () => {
    const runId = await engine.start('keyless', { id: 'F' });
    expect((await engine.waitFor(runId, RunStatus.failed)).error_message).toContain('a key is a text of 1 to 512 characters');
  });

  it('has a cached output while that is fresh', async () => {
    const outputs = [];
    for (const isOld of [false, false, true]) {
      if (isOld) await engine.query(`UPDATE step_keys SET expires_at = clock_timestamp() WHERE kind = 'cache'`);
      const runId = await engine.start('quote', { id: 'G' });
      await engine.waitFor(runId, RunStatus.completed);
      outputs.push([runId, await engine.output(runId)]);
    }
    const [first, second, third] = outputs.map(([runId, output]) => [runId, (output as { by: string }).by]);
    expect([first?.[1], second?.[1], third?.[1]]).toEqual([first?.[0], first?.[0], third?.[0]]);
  });
});
