/** Checkpoints as texts: kept anywhere, and gone on from once. */
import { RunStatus } from '@stepwell/contracts';
import { Clock, type WorkflowCatalog } from '@stepwell/engine';
import { CheckpointTexts, hostedWorkflows, PortableCheckpoints, RunFork } from '@stepwell/runtime';
import { type CompletedStep, type Hosted, type Interceptor, type StepContext, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsNumber, IsOptional, IsString } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { SIGNING_KEY } from './process.js';

class Article {
  @IsString()
  draft!: string;

  @IsOptional()
  @IsString()
  comment?: string;

  @IsOptional()
  @IsNumber()
  approvedAt?: number;
}

const done: string[] = [];
const review = (steps: readonly string[]): Hosted => {
  const flow = workflow<Article>('content-review', { version: 1, input: Article });
  for (const id of steps)
    flow.then(id, (ctx: StepContext<Article>) => {
      done.push(id);
      return { draft: ctx.input.draft, comment: ctx.input.comment ?? null, approvedAt: ctx.input.approvedAt ?? null };
    });
  return flow;
};
let gate: (step: CompletedStep) => unknown = () => undefined;
class Gate implements Interceptor {
  onStepComplete = (step: CompletedStep): unknown => gate(step);
}
const gated = workflow<Article>('gated', { version: 1, input: Article, interceptors: [Gate] })
  .then('write', (ctx) => ctx.input.draft, { queue: 'elsewhere' })
  .then('publish', (ctx) => ctx.input.comment ?? 'no comment');
const hosting = (flow: Hosted): WorkflowCatalog => {
  const module = class {};
  WorkflowModule({ workflows: [flow] })(module);
  return hostedWorkflows([module]).catalog;
};

const readSeq = (text: string) => new CheckpointTexts(SIGNING_KEY).read(text).seq;

class MovedClock extends Clock {
  at = Date.now();
  now(): number {
    return this.at;
  }
}

describe('a checkpoint that leaves as a text', () => {
  let engine: Engine;
  let runId: string;
  let seq: number;
  const clock = new MovedClock();

  const portable = (catalog = engine.catalog, key = SIGNING_KEY) => {
    const forks = new RunFork(engine.database.pool, catalog, engine.hints);
    return new PortableCheckpoints({
      pool: engine.database.pool,
      catalog,
      forks,
      wakeUps: engine.hints,
      clock,
      texts: new CheckpointTexts(key),
    });
  };
  const exported = async () => (await portable().issue({ tenant: TENANT, runId, seq }, 24)).text;
  const use = (checkpoint: string, overrideData?: unknown, by = portable(), tenant = TENANT) =>
    by.use({ tenant, checkpoint, overrideData, actor: null, reason: null });
  const refused = (code: string) => ({ code });
  /** @returns the retry of a run of "gated" that was canceled where it stopped */
  const retriedWhenStopped = async (meanwhile: () => void = () => undefined) => {
    const canceled = await engine.start('gated', { draft: 'one' });
    await until(() => engine.row(canceled), (row) => row.wait_reasons.includes('checkpoint'), 'It waits'); // prettier-ignore
    await engine.process.runs.cancel({ tenant: TENANT, runId: canceled, reason: null, actor: null });
    await engine.waitFor(canceled, RunStatus.canceled);
    meanwhile();
    return engine.process.retries.retry({ tenant: TENANT, runId: canceled, actor: null, reason: null });
  };

  beforeAll(async () => {
    const flow = review(['write', 'publish']);
    engine = await startEngine({ workflows: [flow, gated], providers: [Gate] });
    await engine.spawn({ worker: { queues: ['elsewhere'] } });
    runId = await engine.start('content-review', { draft: 'one', comment: 'none' });
    await engine.waitFor(runId, RunStatus.completed);
    seq = (await engine.facts(runId)).find(({ type }) => type === 'step.completed')?.seq ?? 0;
  });
  afterAll(() => engine.close());

  it.each([
    ['a comment', { comment: 'good' }, { draft: 'one', comment: 'good', approvedAt: null }],
    ['a timestamp', { approvedAt: 1_764_288_000_000 }, { draft: 'one', comment: 'none', approvedAt: 1_764_288_000_000 }],
    ['an edited draft', { draft: 'two' }, { draft: 'two', comment: 'none', approvedAt: null }],
    ['nothing', undefined, { draft: 'one', comment: 'none', approvedAt: null }],
  ])('goes on at the next step with %s', async (_what, overrideData, output) => {
    const text = await exported();
    done.length = 0;
    const next = await use(text, overrideData);
    await engine.waitFor(next, RunStatus.completed);
    expect([done, await engine.output(next)]).toEqual([['publish'], output]);
  });

  it('goes on once, whoever comes with it at the same time, and again when it is exported again', async () => {
    const text = await exported();
    const outcomes = await Promise.allSettled([use(text), use(text), use(text)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))).toEqual([
      'CHECKPOINT_USED',
      'CHECKPOINT_USED',
    ]);
    expect(await use(await exported())).toEqual(expect.any(String));
  });

  it('is not used up by an override that does not fit the class', async () => {
    const text = await exported();
    await expect(use(text, { draft: 5 })).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'draft' }] });
    await expect(use(text, 'draft')).rejects.toMatchObject(refused('INPUT_INVALID'));
    expect(await use(text, { draft: 'five' })).toEqual(expect.any(String));
  });

  it('is refused when it was cut off, changed, signed by another key, or is of another tenant', async () => {
    const text = await exported();
    const [body = '', signature = ''] = text.split('.');
    const changed = Buffer.from(Buffer.from(body, 'base64url').toString().replace('"one"', '"two"')).toString('base64url');
    for (const bad of ['', 'hello', body, text.slice(0, -1), text.slice(1)])
      await expect(use(bad)).rejects.toMatchObject(refused('CHECKPOINT_MALFORMED'));
    await expect(use(`${changed}.${signature}`)).rejects.toMatchObject(refused('CHECKPOINT_TAMPERED'));
    await expect(use(text, undefined, portable(engine.catalog, 'another key'))).rejects.toMatchObject(refused('CHECKPOINT_TAMPERED'));
    await expect(use(text, undefined, portable(), 'acme')).rejects.toMatchObject(refused('CHECKPOINT_TAMPERED'));
  });

  it('is refused when the step is gone or the graph has changed under the same version', async () => {
    const text = await exported();
    const without = portable(hosting(review(['publish'])));
    await expect(use(text, undefined, without)).rejects.toMatchObject(refused('CHECKPOINT_STEP_UNKNOWN'));
    const more = portable(hosting(review(['write', 'check', 'publish'])));
    await expect(use(text, undefined, more)).rejects.toMatchObject(refused('CHECKPOINT_GRAPH_CHANGED'));
  });

  it('has a run that is stopped there go on itself, by one of those who come, and leaves a canceled one where it is', async () => {
    const texts: string[] = [];
    gate = ({ stepName, checkpoint, stop }) => (texts.push(checkpoint), stepName === 'write' && stop());
    const stopped = await engine.start('gated', { draft: 'one' });
    const [text = ''] = await until(() => texts, ({ length }) => length > 0, 'It is told of the step'); // prettier-ignore
    await until(() => engine.row(stopped), (row) => row.wait_reasons.includes('checkpoint'), 'It waits'); // prettier-ignore
    const another = (await portable().issue({ tenant: TENANT, runId: stopped, seq: readSeq(text) }, 24)).text;
    await expect(use(text, { comment: 5 })).rejects.toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'comment' }] });
    const outcomes = await Promise.allSettled([text, another, text].map((one) => use(one, { comment: 'good' })));
    const codes = outcomes.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : one.value));
    expect(codes.sort()).toEqual([stopped, 'CHECKPOINT_USED', 'CHECKPOINT_USED'].sort());
    await engine.waitFor(stopped, RunStatus.completed);
    expect(await engine.output(stopped)).toBe('good');
    // Who wants that run itself is too late, and starts no other one.
    const late = (await portable().issue({ tenant: TENANT, runId: stopped, seq: readSeq(text) }, 24)).text;
    const itself = { tenant: TENANT, checkpoint: late, overrideData: undefined, actor: null, reason: null, isItself: true };
    await expect(portable().use(itself)).rejects.toMatchObject(refused('CHECKPOINT_USED'));

    texts.length = 0;
    const canceled = await engine.start('gated', { draft: 'one' });
    await until(() => engine.row(canceled), (row) => row.wait_reasons.includes('checkpoint'), 'It waits'); // prettier-ignore
    await engine.process.runs.cancel({ tenant: TENANT, runId: canceled, reason: null, actor: null });
    await engine.waitFor(canceled, RunStatus.canceled);
    await expect(use(texts[0] ?? '')).rejects.toMatchObject(refused('RUN_ENDED'));
  });

  it('has the retry of a run that was canceled while it was stopped stop anew, and go on itself', async () => {
    const texts: string[] = [];
    gate = ({ stepName, checkpoint, stop }) => (texts.push(checkpoint), stepName === 'write' && stop());
    const retried = await retriedWhenStopped();
    await until(() => engine.row(retried), (row) => row.wait_reasons.includes('checkpoint'), 'It waits'); // prettier-ignore
    expect(await use(texts.at(-1) ?? '', { comment: 'after all' })).toBe(retried);
    await engine.waitFor(retried, RunStatus.completed);
    expect(await engine.output(retried)).toBe('after all');
  });

  it.each([
    ['it then stops', true],
    ['it then passes', false],
  ])('has it go on also when it comes before it is said whether the run stops, and %s', async (_what, stops) => {
    let say: () => void = () => undefined;
    const texts: string[] = [];
    gate = ({ stepName, checkpoint, stop }) => {
      if (stepName !== 'write') return undefined;
      texts.push(checkpoint);
      return new Promise<void>((resolve) => {
        say = () => {
          if (stops) stop();
          resolve();
        };
      });
    };
    const early = await engine.start('gated', { draft: 'one' });
    const [text = ''] = await until(() => texts, ({ length }) => length > 0, 'It is told of the step'); // prettier-ignore
    expect(await use(text, { comment: 'early' })).toBe(early);
    say();
    await engine.waitFor(early, RunStatus.completed);
    expect(await engine.output(early)).toBe('early');
  });

  it('holds no run for an answer when its workflow has no interceptors any more', async () => {
    gate = ({ stop }) => stop();
    const definition = engine.catalog.version('gated', 1)?.definition;
    const retried = await retriedWhenStopped(() => Object.assign(definition ?? {}, { interceptors: [] }));
    await engine.waitFor(retried, RunStatus.completed);
    expect((await engine.types(retried)).filter((type) => type === 'step.passed')).toHaveLength(1);
  });

  it('is refused when its time is over', async () => {
    const text = await exported();
    clock.at += 24 * 3_600_000;
    await expect(use(text)).rejects.toMatchObject(refused('CHECKPOINT_EXPIRED'));
    await expect(portable().issue({ tenant: TENANT, runId, seq }, 0)).rejects.toMatchObject(refused('INPUT_INVALID'));
  });
});
