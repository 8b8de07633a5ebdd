/** Nodes that are injected into runs, by their steps and from outside, through the real worker, and a crash at every moment. */
import { IsString } from 'class-validator';
import {
  type InjectedNode,
  secret,
  Step,
  type StepContext,
  type StepHandler,
  StepwellClient,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';
import { crashAtEveryCommit, testKit, type TestKit } from './index.js';

class Topic {
  @IsString()
  about!: string;
}

/** What each run is to do, as a model would say it. */
let plans: InjectedNode[][] = [];
const done: string[] = [];

@Step({ id: 'plan', retry: { attempts: 3, backoff: '1s' } })
class Plan implements StepHandler<unknown> {
  async run(ctx: StepContext): Promise<unknown> {
    const nodes = plans[ctx.attempt - 1] ?? [];
    await ctx.inject(nodes);
    return nodes.length;
  }
}

@Step({ id: 'look-up' })
class LookUp implements StepHandler<string, unknown, Topic> {
  async run(ctx: StepContext<unknown, Topic>): Promise<string> {
    const { about } = ctx.params;
    if (about === 'otters') await ctx.inject([{ id: 'sea', handler: 'look-up', params: { about: 'the sea' } }], { position: 0 });
    done.push(about);
    return about === 'bears' ? `${about}, after ${ctx.resultOf<string>('sea')}` : about;
  }
}

@Step({ id: 'from-outside' })
class FromOutside implements StepHandler<unknown> {
  constructor(private readonly client: StepwellClient) {}
  run({ runId }: StepContext): Promise<unknown> {
    return this.client.inject(runId, [{ id: 'extra', handler: 'look-up', params: { about: 'extra' } }], { idempotencyKey: 'k' });
  }
}

const research = workflow<unknown>('research', { version: 1, config: { key: secret('KEY') } })
  .then(Plan)
  .then(FromOutside)
  .inject({ 'look-up': { handler: LookUp, params: Topic }, 'look-up-elsewhere': { handler: LookUp, params: Topic, queue: 'other' } });

const kept = workflow<unknown>('kept', { version: 1 })
  .then('once', (ctx) => ctx.inject([]), { idempotency: { key: () => 'k' } })
  .inject({ 'look-up': { handler: LookUp, params: Topic } });

@WorkflowModule({ workflows: [research, kept], providers: [Plan, LookUp, FromOutside] })
class ResearchModule {}

const options = { workflows: [ResearchModule], secrets: { KEY: 'hush-hush' } };
const topic = (id: string, about: unknown = id, handler = 'look-up'): InjectedNode => ({ id, handler, params: { about } });

describe('nodes that a step injects', () => {
  let t: TestKit;
  beforeEach(async () => {
    plans = [];
    done.length = 0;
    t = await testKit(options);
  });
  afterEach(() => t.close());

  const scenario = async (kit: TestKit) => {
    done.length = 0;
    plans = [[topic('first', 'otters'), topic('second', 'bears', 'look-up-elsewhere')]];
    const run = await kit.start(research, null);
    expect(await run.output()).toEqual([
      { id: 'first', handler: 'look-up', output: 'otters' },
      { id: 'sea', handler: 'look-up', output: 'the sea' },
      { id: 'second', handler: 'look-up-elsewhere', output: 'bears, after the sea' },
      { id: 'extra', handler: 'look-up', output: 'extra' },
    ]);
    expect([...new Set(done)]).toEqual(['otters', 'the sea', 'bears', 'extra']);
  };

  it('are run in their order, on their queues, once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(6);
  });

  it('are checked before any of them is accepted: what is wrong fails the attempt, field by field', async () => {
    plans = [[topic('good'), topic('bad', 7)], [topic('good', 'x', 'delete-everything')], [topic('fine')]];
    const run = await t.start(research, null);
    await t.advance('1m');
    expect(await run.output()).toMatchObject([{ id: 'fine' }, { id: 'extra' }]);
    const faults = (await run.journal())
      .filter(({ type }) => type === 'attempt.failed')
      .map(({ payload }) => (payload as { fault: object }).fault);
    expect(faults).toMatchObject([
      { code: 'INJECTION_INVALID', fields: [{ path: 'nodes.1.params.about' }] },
      { code: 'INJECTION_HANDLER_UNKNOWN' },
    ]);
  });

  it('hold no secret, and are none of a step whose output others have', async () => {
    plans = [[topic('leak', 'hush-hush')]];
    expect(await (await t.start(research, null)).error()).toMatchObject({ code: 'SECRET_EXPOSED' });
    expect(await (await t.start(kept, null)).error()).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('may come from a person: what a run has gone past is refused', async () => {
    plans = [[{ ...topic('slow'), options: { delay: '1h' } }]];
    const run = await t.start(research, null);
    expect(await t.inject(run, [topic('next')], { position: 0, idempotencyKey: 'n' })).toEqual({ existing: false });
    expect(await t.inject(run, [topic('other')], { idempotencyKey: 'n' })).toEqual({ existing: true });
    await expect(t.inject(run, [topic('slow')])).rejects.toMatchObject({ code: 'INJECTION_ID_TAKEN' });
    await t.advance('2h');
    expect(await run.output()).toMatchObject(['slow', 'next', 'extra'].map((id) => ({ id })));
    await expect(t.inject(run, [topic('late')])).rejects.toMatchObject({ code: 'RUN_ENDED' });
  });
});
