/** Runs that have failed for good, and what becomes of them, over GraphQL. */
import { workflow, WorkflowModule } from '@stepwell/sdk';
import { COUNT_DEAD_LETTERS, LIST_DEAD_LETTERS, type Statement } from '@stepwell/storage';
import { IsInt, Max } from 'class-validator';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

class Job {
  @IsInt()
  @Max(9)
  pages!: number;
}

const printing = (name: string) =>
  workflow<Job>(name, { version: 1, input: Job })
    .then('warm-up', () => 'warm')
    .then(
      'print',
      (ctx) => {
        if (ctx.input.pages > 1) throw new Error(`Jammed at page ${ctx.input.pages}.`);
        return ctx.input.pages;
      },
      { retry: { attempts: 2, backoff: '1ms' } },
    );

const printed = printing('print-chapter');
const book = workflow<Job>('print-book', { version: 1, input: Job }).subWorkflow(printed, (ctx) => ctx.input, { id: 'chapter' });

@WorkflowModule({ workflows: [printing('print'), printing('print-more'), printed, book] })
class PrintModule {}

describe('dead letters over GraphQL', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp({ workflowModules: [PrintModule] });
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const look = async (id: string, fields: string) =>
    (await operator.ask(`query ($id: ID!) { run(id: $id) { ${fields} } }`, { id })).data.run;
  const until = (id: string, status: string) => api.until(async () => (await look(id, 'status')).status === status);
  const failed = async (pages: number, name = 'print') => {
    const START = 'mutation ($name: String!, $input: JSON) { startRun(workflow: $name, input: $input) { run { id } } }';
    const id = (await operator.ask(START, { name, input: { pages } })).data.startRun.run.id as string;
    await until(id, 'failed');
    return id;
  };
  const list = async (filter: object = {}, first = 10, after: string | null = null) =>
    (
      await operator.ask(
        'query ($f: DeadLetterFilter, $n: Int!, $after: String) { deadLetters(first: $n, after: $after, filter: $f) { totalCount edges { cursor node { run { id } } } pageInfo { hasNextPage } } }',
        { f: filter, n: first, after },
      )
    ).data.deadLetters;
  const idsOf = (page: { edges: { node: { run: { id: string } } }[] }) => page.edges.map(({ node }) => node.run.id);
  const reinject = async (id: string, input?: unknown) =>
    (await operator.ask('mutation ($id: ID!, $input: JSON) { reinjectRun(id: $id, input: $input, reason: "mended") { run { id } errors { __typename code message path } } }', { id, input })).data.reinjectRun; // prettier-ignore
  const settleAll = async (what: string, filter: object, dryRun: boolean) =>
    (await operator.ask(`mutation ($f: DeadLetterFilter!, $dry: Boolean!) { done: ${what}(filter: $f, dryRun: $dry, reason: "all") { found settled refused { runId code } errors { code } } }`, { f: filter, dry: dryRun })).data.done; // prettier-ignore

  it('are listed, the last first, in pages and by filter, with the attempts of the step that failed', async () => {
    const [one, two, three] = [await failed(2), await failed(3), await failed(4, 'print-more')];
    const first = await list({}, 2);
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(idsOf(first)).toEqual([three, two]);
    expect(idsOf(await list({}, 2, first.edges[1].cursor))).toEqual([one]);
    expect(idsOf(await list({ workflow: 'print', errorCode: 'STEP_FAILED' }))).toEqual([two, one]);
    expect(idsOf(await list({ errorCode: 'STEP_FAILED', failedBefore: '2020-01-01T00:00:00Z' }))).toEqual([]);
    expect(idsOf(await list({ failedFrom: '2020-01-01T00:00:00Z' }))).toHaveLength(3);
    const LETTER =
      'query ($id: ID!) { deadLetter(id: $id) { failedAt input failedSteps { nodeId attempts { number startedAt endedAt worker error { message } } } } }';
    const { deadLetter } = (await operator.ask(LETTER, { id: two })).data;
    expect(deadLetter).toMatchObject({ input: { pages: 3 }, failedSteps: [{ nodeId: 'print' }] });
    expect(deadLetter.failedSteps[0].attempts).toEqual(
      [1, 2].map((number) => ({
        ...{ number, startedAt: expect.any(String) as string, endedAt: expect.any(String) as string },
        ...{ worker: expect.stringMatching(new RegExp(`/${process.pid}$`)) as string, error: { message: 'Jammed at page 3.' } },
      })),
    );
  });

  it('are put in again with another input, once: a run of its own begins from the start', async () => {
    const id = await failed(5);
    expect((await reinject(id, { pages: 'two', more: 1 })).errors.map(({ path }: { path: string[] }) => path)).toEqual(
      expect.arrayContaining([['input', 'pages'], ['input', 'more']]),
    ); // prettier-ignore
    expect(idsOf(await list())).toContain(id);
    const both = await Promise.all([reinject(id, { pages: 1 }), reinject(id, { pages: 1 })]);
    const [done] = both.filter(({ run }) => run !== null);
    expect(both.filter(({ run }) => run === null)).toMatchObject([{ errors: [{ code: 'NO_DEAD_LETTER' }] }]);
    await until(done.run.id, 'completed');
    expect(idsOf(await list())).not.toContain(id);
    expect(await look(done.run.id, 'startedBy input lineage { id }')).toEqual({ startedBy: 'fork', input: { pages: 1 }, lineage: [{ id: done.run.id }] }); // prettier-ignore
    expect(await look(id, 'status isDeadLetter canRetry settledLetter { as runId reason by { id } }')).toEqual({
      ...{ status: 'failed', isDeadLetter: false, canRetry: false },
      settledLetter: { as: 'reinjected', runId: done.run.id, reason: 'mended', by: { id: operator.id } },
    });
    const RETRY = 'mutation ($id: ID!) { retryRun(id: $id) { run { id } } }';
    expect((await operator.ask(RETRY, { id })).data.retryRun.run).toEqual({ id: done.run.id });
  });

  it('go on as retries without another input, one or all that fit; a dry run says how many', async () => {
    const id = await failed(6);
    const { run } = await reinject(id);
    expect(await look(run.id, 'retryOf { id }')).toEqual({ retryOf: { id } });
    await until(run.id, 'failed');
    expect(idsOf(await list({ workflow: 'print' }))).toContain(run.id);
    const filter = { workflow: 'print' };
    const { totalCount } = await list(filter);
    expect(await settleAll('reinjectDeadLetters', filter, true)).toEqual({ found: totalCount, settled: 0, refused: [], errors: [] });
    const ids = idsOf(await list(filter));
    expect(await settleAll('reinjectDeadLetters', filter, false)).toMatchObject({ found: totalCount, settled: totalCount, refused: [] });
    for (const one of ids) expect(await look(one, 'isDeadLetter retriedAs { id }')).toEqual({ isDeadLetter: false, retriedAs: { id: expect.any(String) as string } }); // prettier-ignore
    await api.until(async () => (await list(filter)).totalCount === totalCount);
  });

  it('have another run in their place for whoever had started them', async () => {
    const id = await failed(3, 'print-book');
    const [child] = idsOf(await list({ workflow: 'print-chapter' })) as [string];
    const done = await reinject(child, { pages: 1 });
    await until(done.run.id, 'completed');
    const { run, errors } = await reinject(id);
    expect(errors).toEqual([]);
    await until(run.id, 'completed');
    expect(await look(run.id, 'output')).toEqual({ output: 1 });
  });

  it('are retried once when one takes another along', async () => {
    const failedFrom = new Date().toISOString();
    const id = await failed(4, 'print-book');
    const [child] = idsOf(await list({ workflow: 'print-chapter' })) as [string];
    const settled = await settleAll('reinjectDeadLetters', { failedFrom }, false);
    expect(settled).toMatchObject({ settled: 1, refused: [], errors: [] });
    for (const one of [id, child]) {
      expect(await look(one, 'isDeadLetter')).toEqual({ isDeadLetter: false });
      const { retriedAs } = await look(one, 'retriedAs { id }');
      await until(retriedAs.id, 'failed');
    }
  });

  it('are dismissed, with who and why, until the list is empty', async () => {
    const DISMISS =
      'mutation ($id: ID!) { dismissDeadLetter(id: $id, reason: "old") { run { isDeadLetter canRetry settledLetter { as reason } } errors { code } } }';
    const [id] = idsOf(await list());
    const settledLetter = { as: 'dismissed', reason: 'old' };
    expect((await operator.ask(DISMISS, { id })).data.dismissDeadLetter).toEqual({
      run: { isDeadLetter: false, canRetry: true, settledLetter },
      errors: [],
    });
    expect((await operator.ask(DISMISS, { id })).data.dismissDeadLetter.errors).toEqual([{ code: 'NO_DEAD_LETTER' }]);
    expect((await reinject(id ?? '', { pages: 1 })).errors).toMatchObject([{ code: 'NO_DEAD_LETTER' }]);
    const { settled, found } = await settleAll('dismissDeadLetters', {}, false);
    expect([settled > 0, settled]).toEqual([true, found]);
    expect(await list()).toMatchObject({ totalCount: 0, edges: [] });
    expect((await (await api.as('reviewer')).ask(DISMISS, { id })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('are found by their own indexes, whatever else there is', async () => {
    await api.database.pool.query(
      `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, started_by, lineage_root, last_seq, ended_at, error_code)
       SELECT 'default', id, 'w' || n % 7, 1, 'w@1', 'default', CASE WHEN n % 9 = 0 THEN 'failed' ELSE 'completed' END, 'api', id, 1,
         now() - n * interval '1 second', 'E' || n % 5
       FROM (SELECT n, uuidv7() AS id FROM generate_series(1, 9000) n) s`,
    );
    await api.database.pool.query('ANALYZE runs');
    const { rows: [{ part } = { part: '' }] } = await api.database.pool.query<{ part: string }>("SELECT tableoid::regclass::text AS part FROM runs WHERE error_code = 'E1' LIMIT 1"); // prettier-ignore
    const scansOf = async ({ text }: Statement) => {
      const { rows } = await api.database.pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`);
      return scansWithin(rows[0]?.['QUERY PLAN'][0].Plan, part);
    };
    for (const texts of [LIST_DEAD_LETTERS, COUNT_DEAD_LETTERS])
      expect(await Promise.all([texts.all, texts.ofWorkflow, texts.byCode].map(scansOf))).toEqual([
        [`${part}_tenant_ended_at_id_idx`],
        [`${part}_tenant_workflow_ended_at_id_idx`],
        [`${part}_tenant_error_code_ended_at_id_idx`],
      ]);
  });
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** How the rows of one table are found: by which index, or by which kind of scan. */
function scansWithin(node: PlanNode | undefined, table: string): string[] {
  if (!node) return [];
  const own = node['Relation Name'] === table ? [node['Index Name'] ?? node['Node Type']] : [];
  return [...own, ...(node.Plans ?? []).flatMap((one) => scansWithin(one, table))];
}
