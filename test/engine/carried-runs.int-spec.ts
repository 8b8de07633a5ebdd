/** Runs that are carried from one installation to another: two databases, with one secret. */
import { RunStatus } from '@stepwell/contracts';
import { Clock } from '@stepwell/engine';
import { CheckpointTexts, PortableCheckpoints, RunFork, SystemClock } from '@stepwell/runtime';
import { type CompletedStep, type Interceptor, Step, type StepContext, type StepHandler, workflow } from '@stepwell/sdk';
import { pgSql, readCarriedRuns } from '@stepwell/storage';
import { IsOptional, IsString } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { SIGNING_KEY } from './process.js';

class Letter {
  @IsString()
  text!: string;

  @IsOptional()
  @IsString()
  signedBy?: string;
}

const done: string[] = [];
const texts = new Map<string, string>();
class Gate implements Interceptor {
  onStepComplete({ stepName, runId, checkpoint, stop }: CompletedStep): void {
    if (stepName !== 'write') return;
    stop();
    texts.set(runId, checkpoint);
  }
}
class NextMonth extends Clock {
  now = (): number => Date.now() + 31 * 86_400_000;
}
@Step({ id: 'tear' })
class Tear implements StepHandler<void, Letter> {
  run(): void {
    done.push('tear');
  }
}
const step = (id: string) => (ctx: StepContext<Letter>) => {
  done.push(id);
  return `${id} ${ctx.input.text} ${ctx.input.signedBy ?? '-'}`;
};
const letter = workflow<Letter>('letter', { version: 1, input: Letter, interceptors: [Gate] })
  .then('write', step('write'), { compensate: Tear })
  .then('send', (ctx) => [ctx.resultOf('write'), step('send')(ctx)]);

describe('a run that is carried to another installation', () => {
  let here: Engine;
  let there: Engine;
  const of = (
    { database: { pool }, catalog, hints: wakeUps }: Engine,
    key = SIGNING_KEY,
    { clock = new SystemClock(), isShared = true }: { clock?: Clock; isShared?: boolean } = {},
  ) =>
    new PortableCheckpoints({
      ...{ pool, catalog, wakeUps, forks: new RunFork(pool, catalog, wakeUps) },
      ...{ clock, texts: new CheckpointTexts(key, isShared) },
    });
  const stopped = async () => {
    done.length = 0;
    const runId = await here.start('letter', { text: 'hello' });
    await until(() => here.row(runId), (row) => row.wait_reasons.includes('checkpoint'), 'It waits'); // prettier-ignore
    return { runId, checkpoint: texts.get(runId) ?? '' };
  };
  const carry = (checkpoint: string, to: string, by = of(here)) => by.carry({ tenant: TENANT, checkpoint, to, actor: null });
  const use = (checkpoint: string, by: PortableCheckpoints, overrideData?: unknown) =>
    by.use({ tenant: TENANT, checkpoint, overrideData, actor: null, reason: null });

  beforeAll(async () => {
    [here, there] = (await Promise.all([1, 2].map(() => startEngine({ workflows: [letter], providers: [Gate, Tear] })))) as [
      Engine,
      Engine,
    ];
  });
  afterAll(() => Promise.all([here.close(), there.close()]));

  it('ends here, says where it went, and goes on there, once, with what was done here', async () => {
    const { runId, checkpoint } = await stopped();
    const to = await of(there).installation();
    expect(to).not.toBe(await of(here).installation());
    const text = await carry(checkpoint, to);
    const ended = await here.waitFor(runId, RunStatus.canceled);
    expect(ended.last_seq).toBe((await here.facts(runId)).length);
    expect((await here.facts(runId)).slice(-2)).toMatchObject([{ type: 'run.carried', payload: { to } }, { type: 'run.ended' }]);

    await expect(use(text, of(there), { text: 7 })).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'text' }] });
    // Whoever wants the run itself starts no other one.
    const itself = { tenant: TENANT, checkpoint: text, overrideData: undefined, actor: null, reason: null, isItself: true };
    await expect(of(there).use(itself)).rejects.toMatchObject({ code: 'CHECKPOINT_USED' });
    const outcomes = await Promise.allSettled([use(text, of(there), { signedBy: 'Ada' }), use(text, of(there), { signedBy: 'Ada' })]);
    const taken = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
    expect([taken.length, refused]).toEqual([1, ['CHECKPOINT_USED']]);
    const [next = ''] = taken;
    await there.waitFor(next, RunStatus.completed);
    expect([await there.output(next), done]).toEqual([
      ['write hello -', 'send hello Ada'],
      ['write', 'send'],
    ]);
    expect((await there.facts(next)).find(({ type }) => type === 'fork.started')?.payload).toMatchObject({ runId });
  });

  it('is given out again to who asks again, and refused everywhere else, each for its own reason', async () => {
    const { runId, checkpoint } = await stopped();
    const to = await of(there).installation();
    const text = await carry(checkpoint, to);
    await here.waitFor(runId, RunStatus.canceled);
    const again = await carry(checkpoint, to);
    const code = (promise: Promise<unknown>) => promise.then(() => 'done', (error: { code: string }) => error.code); // prettier-ignore
    expect([
      await code(use(checkpoint, of(here))),
      await code(use(text, of(here))),
      await code(carry(checkpoint, 'elsewhere')),
      await code(use(text, of(there, 'another secret'))),
      await code(use(again, of(there))),
      await code(use(text, of(there))),
    ]).toEqual(['CHECKPOINT_CARRIED', 'CHECKPOINT_ELSEWHERE', 'CHECKPOINT_CARRIED', 'CHECKPOINT_TAMPERED', 'done', 'CHECKPOINT_USED']);
  });

  it('is not retried here, where it has ended as canceled', async () => {
    const { runId, checkpoint } = await stopped();
    const to = await of(there).installation();
    await carry(checkpoint, to);
    await here.waitFor(runId, RunStatus.canceled);
    await expect(here.process.retries.retry({ tenant: TENANT, runId, actor: null, reason: null })).rejects.toMatchObject({
      ...{ code: 'RUN_NOT_RETRYABLE', message: expect.stringContaining(to) as string },
    });
    const other = await stopped();
    expect(await readCarriedRuns(pgSql(here.pool), TENANT, [runId, other.runId])).toEqual(new Set([runId]));
    expect((await readCarriedRuns(pgSql(here.pool), 'acme', [runId])).size).toBe(0);
  });

  it('stays as it is when nobody could take it in: no other one, no secret that both have, a checkpoint whose time is over', async () => {
    const { runId, checkpoint } = await stopped();
    const to = await of(there).installation();
    const refused = [
      { to: 'elsewhere', code: 'RUN_NOT_CARRIED', says: '"elsewhere" is no id' },
      { to: await of(here).installation(), code: 'RUN_NOT_CARRIED', says: 'is this installation' },
      { to, by: of(here, SIGNING_KEY, { isShared: false }), code: 'RUN_NOT_CARRIED', says: 'STEPWELL_SECRET' },
      { to, by: of(here, SIGNING_KEY, { clock: new NextMonth() }), code: 'CHECKPOINT_EXPIRED', says: 'was good until' },
    ];
    for (const { to: where, by, code, says } of refused)
      await expect(carry(checkpoint, where, by)).rejects.toMatchObject({ code, message: expect.stringContaining(says) as string });
    expect(await use(checkpoint, of(here))).toBe(runId);
    await here.waitFor(runId, RunStatus.completed);
  });

  it('stays here when its checkpoint was run', async () => {
    const { runId, checkpoint } = await stopped();
    await use(checkpoint, of(here));
    await here.waitFor(runId, RunStatus.completed);
    await expect(carry(checkpoint, await of(there).installation())).rejects.toMatchObject({ code: 'RUN_NOT_CARRIED' });
  });
});
