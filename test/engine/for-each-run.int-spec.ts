/** A run for each item of a list, on the real database: long lists, page by page, and what became of their items. */
import { RunStatus } from '@stepwell/contracts';
import { type Change, ChangeFeed, type RunCommit } from '@stepwell/engine';
import { EventLoop, EventRouter } from '@stepwell/events';
import { type ChildResult, type ForEachRunOptions, type StepContext, workflow } from '@stepwell/sdk';
import { pgSql, postgresEventStore, readRelatedRuns } from '@stepwell/storage';
import { IsInt } from 'class-validator';
import { type Engine, startEngine } from './engine.js';

class Numbered {
  @IsInt()
  number!: number;
}

class Span {
  @IsInt()
  count!: number;
}

/** By hand: STEPWELL_ITEMS=10500 goes through a longer list. */
const ITEMS = Number(process.env['STEPWELL_ITEMS'] ?? 1_200);
const CONCURRENCY = Number(process.env['STEPWELL_CONCURRENCY'] ?? 250);
const PAGE = 500;

const begun: number[] = [];
let isMended = false;
const double = workflow('double', { input: Numbered, version: 1 }).then('double', (ctx) => {
  begun.push(ctx.input.number);
  if (ctx.input.number % 5 === 3 && !isMended) throw new Error('it ends in 3 or 8');
  return ctx.input.number * 2;
});
const numbers = (name: string, options: ForEachRunOptions) =>
  workflow(name, { input: Span, version: 1 }).forEachRun(
    ({ input: { count } }, cursor) => {
      const from = Number(cursor);
      const size = Math.min(PAGE, count - from);
      return { items: Array.from({ length: size }, (_, index) => from + index), next: from + size < count ? from + size : null };
    },
    double,
    // Of item 7 no run can be started.
    (number) => ({ number: number === 7 ? 0.5 : number }),
    { id: 'doubles', ...options },
  );
const sum = async (ctx: StepContext<Span>) => {
  const all: ChildResult<number>[] = [];
  for (let after = -1; ;) {
    const page = await ctx.childResults<number>('doubles', { after, first: PAGE });
    all.push(...page.results);
    if (page.next === null) break;
    after = page.next;
  }
  const completed = all.flatMap((one) => (one.status === 'completed' ? [one.output] : []));
  const failed = all.flatMap((one) => (one.status === 'failed' ? [one] : []));
  return { sum: completed.reduce((left, right) => left + right, 0), failed: failed.length, refused: failed.find(({ runId }) => runId === null)?.index }; // prettier-ignore
};
const long = numbers('long', { concurrency: CONCURRENCY, onItemFailure: 'continue' }).then('sum', sum);
const collecting = numbers('collecting', { onItemFailure: 'collect' });

class NoFeed extends ChangeFeed {
  publish(_changes: Iterable<Change>): void {}
  subscribe(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {}
}

describe('a for-each of runs', () => {
  let engine: Engine;
  let loop: EventLoop;
  /** How many children each commit has started. */
  const born: number[] = [];
  beforeAll(async () => {
    const onCommitted = ({ children }: RunCommit) => void born.push(children.length);
    engine = await startEngine({ workflows: [double, long, collecting], onCommitted });
    loop = new EventLoop(new EventRouter(postgresEventStore(engine.pool), engine.catalog, engine.hints, new NoFeed()), engine.hints);
    await loop.start();
  });
  afterAll(async () => {
    await loop.stop();
    await engine.close();
  });

  it('goes through a long list page by page, starts each run once, and reads what they came to', async () => {
    const runId = await engine.start('long', { count: ITEMS });
    await engine.waitFor(runId, RunStatus.completed, RunStatus.failed);
    const types = await engine.types(runId);
    const count = (type: string) => types.filter((one) => one === type).length;
    expect([count('page.listed'), count('child.started'), count('child.refused'), count('child.ended')]).toEqual([
      Math.ceil(ITEMS / PAGE),
      ITEMS - 1,
      1,
      ITEMS - 1,
    ]);
    expect([begun.length, new Set(begun).size]).toEqual([ITEMS - 1, ITEMS - 1]);
    // The first of them are at work while the next ones are made. A commit that begins with the rest of a page has up to a hundred more.
    const [first = NaN] = born.filter((more) => more > 0);
    expect([first <= 200, Math.max(...born) < 300, born.reduce((left, right) => left + right, 0)]).toEqual([true, true, ITEMS - 1]);
    const good = Array.from({ length: ITEMS }, (_, index) => index).filter((index) => index !== 7 && index % 5 !== 3);
    const failed = ITEMS - good.length;
    expect(await engine.output(runId)).toEqual({ sum: good.reduce((left, right) => left + 2 * right, 0), failed, refused: 7 });
    const [claims] = await engine.query<{ epoch: number }>('SELECT epoch FROM runs WHERE id = $1', [runId]);
    // Children that end together come to their parent together.
    expect(claims?.epoch).toBeLessThan(ITEMS / 5);
  });

  it('keeps what has failed for a retry of the run, which starts nothing else again', async () => {
    const runId = await engine.start('collecting', { count: 6 });
    const failed = await engine.waitFor(runId, RunStatus.failed);
    expect(failed.error_message).toMatch(/^1 of 6 items of "doubles" have failed. The first was item 3: Run [0-9a-f-]{36} of "double"/);
    const related = await readRelatedRuns(pgSql(engine.pool), 'default', [runId], 9);
    expect(related.map(({ direction, via }) => `${direction} by ${via}`)).toEqual(Array(6).fill('effect by parent'));
    begun.length = 0;
    isMended = true;
    const retry = await engine.process.retries.retry({ tenant: 'default', runId, actor: null, reason: null });
    await engine.waitFor(retry, RunStatus.completed);
    expect([await engine.output(retry), begun]).toEqual([{ total: 6, completed: 6, failed: 0 }, [3]]);
  });
});
