/** What a long step saves on its way: whoever goes on with it begins there. */
import { RunStatus } from '@stepwell/contracts';
import { RunCheckpoints } from '@stepwell/runtime';
import { Step, type StepContext, type StepHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { crashAtEveryCommit, type TestKit, testKit } from '@stepwell/sdk/testing';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { type Gate, gate } from './standing-between.js';

const PAGES = 5;

/** Pages in the order in which they were read, by whoever read them. */
let read: number[] = [];
/** Before a page is read; to throw, or to wait. */
let atPage: (page: number, ctx: StepContext) => Promise<void> | void = () => undefined;

async function readPages(ctx: StepContext): Promise<{ pages: number; attempt: number }> {
  for (let page = ctx.loadCheckpoint<{ next: number }>()?.next ?? 0; page < PAGES; page++) {
    await atPage(page, ctx);
    read.push(page);
    await ctx.saveCheckpoint({ next: page + 1 });
    expect(ctx.loadCheckpoint()).toEqual({ next: page + 1 });
  }
  return { pages: PAGES, attempt: ctx.attempt };
}

@Step({ id: 'read-pages' })
class ReadPages implements StepHandler<{ pages: number; attempt: number }> {
  run = readPages;
}

@Step({ id: 'first' })
class First implements StepHandler<number> {
  run() {
    return 1;
  }
}

const files = workflow<{ files: number }>('files', { version: 1 })
  .then(First, { delivery: 'direct' })
  .forEach(
    (ctx) => Array.from({ length: ctx.input.files }, (_, index) => index),
    (each) => each.then(ReadPages, { retry: { attempts: 2, backoff: '1m' } }),
    { id: 'each' },
  );
const failing = workflow('failing-file', { version: 1 }).then(ReadPages);
const elsewhere = workflow('file-elsewhere', { version: 1 }).then(ReadPages, { queue: 'reading' });

/** Above what stays in the journal itself. */
const large = workflow('large-file', { version: 1 }).then('read', async (ctx: StepContext<unknown>) => {
  for (const part of ['a', 'b', 'c']) await ctx.saveCheckpoint(part.repeat(100_000));
  if (ctx.loadCheckpoint<string>()?.startsWith('c')) throw new Error('no page');
});

@WorkflowModule({ workflows: [files], providers: [ReadPages, First] })
class FilesModule {}

beforeEach(() => {
  read = [];
  atPage = () => undefined;
});

describe.each(['memory', 'postgres'] as const)('a step that saves how far it has come, %s', (store) => {
  let t: TestKit;
  beforeAll(async () => {
    t = await testKit({ workflows: [FilesModule], store });
  });
  afterAll(() => t.close());

  it('goes on there after a failure, in the turn of its loop, and what stayed behind is written with it', async () => {
    atPage = (page, { index, attempt }) => {
      if (page === 3 && index === 1 && attempt === 1) throw new Error('no page');
    };
    const run = await t.start(files, { files: 2 });
    await t.advance('1m');
    expect(await run.output()).toEqual([
      { pages: PAGES, attempt: 1 },
      { pages: PAGES, attempt: 2 },
    ]);
    expect(read).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    const [first] = (await run.journal()).filter(({ type }) => type === 'checkpoint.saved');
    expect(first).toMatchObject({ path: 'each/each/read-pages', iteration: '0', attempt: 1, payload: { value: { next: 1 } } });
  });
});

it('goes on there wherever its process dies: at most the page that was under way is read twice', async () => {
  const scenario = async (t: TestKit) => {
    read = [];
    await t.start(files, { files: 2 });
    expect(read.length).toBeLessThanOrEqual(2 * PAGES + t.crashes);
  };
  const { commits, crashes } = await crashAtEveryCommit({ workflows: [FilesModule], store: 'memory' }, scenario);
  expect([commits > 2 * PAGES, crashes]).toEqual([true, 2 * commits]);
});

describe('on PostgreSQL', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [failing, elsewhere, large], providers: [ReadPages] });
  });
  afterAll(() => engine.close());

  it('the retry of a run that has failed begins where the failed one was', async () => {
    let isBroken = true;
    atPage = (page) => {
      if (page === 2 && isBroken) throw new Error('no page');
    };
    const runId = await engine.start('failing-file');
    await engine.waitFor(runId, RunStatus.failed);
    isBroken = false;
    const again = await engine.process.retries.retry({ tenant: TENANT, runId, actor: null, reason: null });
    await engine.waitFor(again, RunStatus.completed);
    expect(read).toEqual([0, 1, 2, 3, 4]);
  });

  it('another worker of its queue goes on there, also with what the run has not read yet', async () => {
    const arrived = gate();
    const stuck: Gate = gate();
    atPage = (page) => {
      if (page !== 3 || read.length > 3) return undefined;
      arrived.open();
      return stuck.opened;
    };
    const first = await engine.spawn({ worker: { queues: ['reading'], reportMs: 600_000 } });
    // Nobody makes facts of what is saved.
    const runId = await engine.start('file-elsewhere');
    await arrived.opened;
    await engine.worker.stop();
    read.push(-1);
    const second = await engine.spawn({ worker: { queues: ['reading'], reportMs: 600_000 } });
    await engine.query(`UPDATE dispatches SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE run_id = $1`, [runId]);
    second.wakeUps.wake(['reading']);
    await until(
      () => read.at(-1),
      (page) => page === PAGES - 1,
      'The second worker should read on',
    );
    stuck.open();
    await first.stop();
    await engine.spawn();
    await engine.waitFor(runId, RunStatus.completed);
    expect(read.slice(0, 6)).toEqual([0, 1, 2, -1, 3, 4]);
  });

  it('what a place that stays still goes on from stays, though the step has saved something newer since', async () => {
    const runId = await engine.start('large-file');
    await engine.waitFor(runId, RunStatus.failed);
    const saved = async () => (await engine.facts(runId)).filter(({ type }) => type === 'checkpoint.saved');
    const between = (await saved())[1]?.seq ?? 0;
    // As if another step had saved it, between two of this one.
    await engine.query(`UPDATE journal SET path = 'other' WHERE run_id = $1 AND seq = $2`, [runId, between]);
    const found = new RunCheckpoints(engine.database.pool);
    await found.prune({ tenant: TENANT, runId, seq: between });
    const stays = await found.at({ tenant: TENANT, runId, seq: between });
    expect(stays?.context.saved).toContainEqual({ path: 'read', iteration: '', output: 'a'.repeat(100_000) });
  });

  it('what was saved before the last one goes when the checkpoints are pruned, and the last one stays', async () => {
    const runId = await engine.start('large-file');
    await engine.waitFor(runId, RunStatus.failed);
    const saved = async () => (await engine.facts(runId)).filter(({ type }) => type === 'checkpoint.saved');
    const blobs = () => engine.query('SELECT DISTINCT payload_blob FROM journal WHERE run_id = $1 AND payload_blob IS NOT NULL', [runId]);
    expect([(await saved()).length, (await blobs()).length]).toEqual([3, 3]);
    const last = (await saved())[2]?.seq ?? 0;
    const found = new RunCheckpoints(engine.database.pool);
    expect(await found.prune({ tenant: TENANT, runId, seq: last })).toBe(2);
    expect([(await saved()).map(({ payload }) => payload), (await blobs()).length]).toEqual([[{}, {}, null], 1]);
    const left = await found.at({ tenant: TENANT, runId, seq: last });
    expect(left?.context.saved).toEqual([{ path: 'read', iteration: '', output: 'c'.repeat(100_000) }]);
  });
});
