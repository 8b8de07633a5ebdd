import { listTasks, pgSql, tasksOfRuns } from '@stepwell/storage';
import { person, refusal, type SeededTask, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import { encodeCursor } from './inbox-cursor.js';
import type { InboxRequest } from './inbox-page.js';

const ann = person('Ann');
const bob = person('Bob');

describe('the inbox', () => {
  let desk: TaskDesk;
  let low: SeededTask[];
  let high: SeededTask[];
  let done: SeededTask;
  let other: SeededTask;

  beforeAll(async () => {
    desk = await TaskDesk.open();
    low = [await desk.seed(), await desk.seed(), await desk.seed()];
    high = [await desk.seed({ priority: 5 }), await desk.seed({ priority: 5 })];
    done = await desk.seed();
    other = await desk.seed({ workflow: 'invoice', priority: -1 });
    await desk.seed({ tenant: 'other', priority: 99 });
    await desk.tasks.complete({ tenant: TENANT, id: done.id, actor: ann, expectedVersion: 1, answer: { verdict: 'no' } });
    await desk.tasks.claim({ tenant: TENANT, id: low[1]?.id ?? '', actor: ann });
    await desk.tasks.claim({ tenant: TENANT, id: high[0]?.id ?? '', actor: bob });
    await desk.tasks.claim({ tenant: TENANT, id: low[2]?.id ?? '', actor: bob });
    await desk.lapse(low[2]?.id ?? '');
  });
  afterAll(() => desk.close());

  const ids = async (request: Partial<InboxRequest>): Promise<string[]> =>
    (await desk.tasks.inbox(TENANT, { first: 100, viewer: ann, ...request })).edges.map(({ node }) => node.id);
  const all = (): string[] => [...high, ...low, other].map(({ id }) => id);

  it('has what waits for a decision: highest priority first, then oldest; nothing of another tenant', async () => {
    expect(await ids({})).toEqual(all());
  });

  it('comes in pages that together are the whole, whatever their size', async () => {
    for (const first of [1, 2, 4, 6]) {
      const seen: string[] = [];
      for (let after: string | null = null; ;) {
        const page: Awaited<ReturnType<typeof desk.tasks.inbox>> = await desk.tasks.inbox(TENANT, { first, after, viewer: ann });
        seen.push(...page.edges.map(({ node }) => node.id));
        after = page.endCursor;
        if (!page.hasNextPage) break;
      }
      expect(seen).toEqual(all());
    }
  });

  it('is filtered by what a task reads as: a lapsed claim is open', async () => {
    expect(await ids({ filter: { status: ['open'] } })).toEqual([high[1], low[0], low[2], other].map((task) => task?.id));
    expect(await ids({ filter: { status: ['claimed'] } })).toEqual([high[0], low[1]].map((task) => task?.id));
  });

  it('is filtered by workflow, and to what the viewer holds or has decided', async () => {
    expect(await ids({ filter: { workflow: 'invoice' } })).toEqual([other.id]);
    expect(await ids({ filter: { mine: true } })).toEqual([low[1]?.id]);
    expect(await ids({ filter: { mine: true }, viewer: null })).toEqual([]);
    expect(await ids({ filter: { mine: true, status: ['completed', 'open', 'claimed'] } })).toEqual([done.id, low[1]?.id]);
  });

  it('shows ended tasks newest first, also mixed with others', async () => {
    expect(await ids({ filter: { status: ['completed'] } })).toEqual([done.id]);
    const mixed = [...low, ...high, done, other].map(({ id }) => id).reverse();
    expect(await ids({ filter: { status: ['completed', 'open', 'claimed'] } })).toEqual(mixed);
    const page = await desk.tasks.inbox(TENANT, { first: 3, filter: { status: ['completed', 'open', 'claimed'] }, viewer: ann });
    expect(await ids({ after: page.endCursor, filter: { status: ['completed', 'open', 'claimed'] } })).toEqual(mixed.slice(3));
  });

  it('refuses to look among ended tasks for what waits for a group', async () => {
    const asked = ids({ filter: { status: ['open', 'completed'], myGroups: true } });
    expect(await refusal(asked)).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('filter.status') });
  });

  it('refuses a page size out of range and a cursor that is not its own', async () => {
    for (const first of [0, -1, 101, 1.5]) expect(await refusal(ids({ first }))).toMatchObject({ code: 'PAGE_SIZE_INVALID' });
    const bad = [
      '',
      'x',
      'bnVsbA',
      Buffer.from('["priority","x","1"]').toString('base64url'),
      encodeCursor('newest', { at: null, id: done.id }),
    ];
    const tooLarge = Buffer.from(JSON.stringify(['priority', done.id, '999999999999'])).toString('base64url');
    for (const after of [...bad, tooLarge]) expect(await refusal(ids({ after }))).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('reads none of what a task may have by the megabyte, nor do the tasks of a run', async () => {
    const tenant = 'bulky';
    const reviews = { required: 2, of: 3, isBlind: true, compare: null, settledBy: null, users: null, groups: null };
    const { id, runId } = await desk.seed({ tenant, reviews });
    const much = JSON.stringify('much '.repeat(200_000));
    await desk.pool.query(
      `UPDATE tasks SET props = $2, form = $2, suggestion = $2, draft = $2, answer = $2, agreement = $2,
         reviews = jsonb_set(reviews, '{given}', jsonb_build_array(jsonb_build_object('answer', $2::jsonb), jsonb_build_object('answer', $2::jsonb)))
       WHERE id = $1`,
      [id, much],
    );
    const sql = pgSql(desk.pool);
    const lists = [
      await listTasks(sql, tenant, { status: ['open'] }, 'priority', undefined, 50),
      await listTasks(sql, tenant, { status: ['open'], priority: { min: 0, max: null } }, 'due', undefined, 50),
      await tasksOfRuns(sql, tenant, [runId]),
    ];
    for (const rows of lists) {
      expect(JSON.stringify(rows).length).toBeLessThan(2_000);
      expect(rows).toMatchObject([{ id, reviews: { ...reviews, given: 2, isDisputed: false } }]);
    }
  });

  it('gives the tasks of runs and the history of tasks in batches', async () => {
    const missing = 'no-id';
    const byRun = await desk.tasks.ofRuns(TENANT, [done.runId, missing]);
    expect(byRun.get(done.runId)?.map(({ id }) => id)).toEqual([done.id]);
    expect(byRun.get(missing)).toEqual([]);
    const history = await desk.tasks.history(TENANT, [done.id, other.id]);
    expect(history.get(done.id)).toMatchObject([{ kind: 'completed', actor: ann, at: expect.stringMatching(/Z$/) }]);
    expect(history.get(other.id)).toEqual([]);
  });
});
