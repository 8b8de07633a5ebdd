import { PG_POOL } from '@stepwell/storage';
import type pg from 'pg';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const START = `mutation ($workflow: String!, $input: JSON, $key: String) {
  startRun(workflow: $workflow, input: $input, idempotencyKey: $key) { existing run { id status } errors { __typename code message path } }
}`;

describe('runs over GraphQL', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const start = async (workflow: string, input: unknown = null, key?: string) =>
    (await operator.ask(START, { workflow, input, key })).data.startRun;
  const order = (id: string) => start('orders', { id, quantity: 2 });
  const look = async (id: string, fields: string, who = operator) =>
    (await who.ask(`query ($id: ID!) { run(id: $id) { ${fields} } }`, { id })).data.run;
  const untilStatus = (id: string, status: string) => api.until(async () => (await look(id, 'status')).status === status);

  it('start, and show how far they are, what they wait for and what they know', async () => {
    const { run, errors, existing } = await order('O-1');
    expect({ errors, existing }).toEqual({ errors: [], existing: false });
    await untilStatus(run.id, 'waiting');
    const found = await look(
      run.id,
      `id workflow title version status waitReasons startedBy actor { id name kind } input output createdAt endedAt
       steps { key kind status output waitReason taskId error { code } attempts { number status } } tasks { id subject status }`,
    );
    expect(found).toMatchObject({
      ...{
        id: run.id,
        workflow: 'orders',
        title: 'Handle an order',
        version: 1,
        status: 'waiting',
        waitReasons: ['task'],
        startedBy: 'api',
      },
      ...{
        actor: { id: operator.id, name: operator.displayName, kind: 'user' },
        input: { id: 'O-1', quantity: 2 },
        output: null,
        endedAt: null,
      },
      steps: [
        { key: 'price', kind: 'step', status: 'completed', output: { total: 20 }, attempts: [{ number: 1, status: 'completed' }] },
        { key: 'approve', kind: 'screen', status: 'waiting', waitReason: 'task', taskId: found.tasks[0].id },
      ],
      tasks: [{ subject: 'Order O-1', status: 'open' }],
    });
    expect(new Date(found.createdAt).toISOString()).toBe(found.createdAt);
  });

  it('pause and resume, whoever asks again; who did, when and why is told', async () => {
    const { run } = await order('P-1');
    await untilStatus(run.id, 'waiting');
    const say = async (signal: string) =>
      (
        await operator.ask(
          `mutation ($id: ID!) { said: ${signal}(id: $id, reason: "${signal} it") { run { status canPause } errors { code } } }`,
          { id: run.id },
        )
      ).data.said;
    for (let count = 0; count < 2; count++)
      expect(await say('pauseRun')).toEqual({ run: { status: 'paused', canPause: false }, errors: [] });
    await say('resumeRun');
    await untilStatus(run.id, 'waiting');
    expect(await say('resumeRun')).toEqual({ run: { status: 'waiting', canPause: true }, errors: [] });
    await operator.ask('mutation ($id: ID!) { cancelRun(id: $id) { errors { code } } }', { id: run.id });
    await untilStatus(run.id, 'canceled');
    const { interventions } = await look(run.id, 'interventions { type path by { name } reason at }');
    const told = { path: '', by: { name: expect.any(String) }, at: expect.stringMatching(/Z$/) };
    expect(interventions).toEqual([
      { ...told, type: 'run.paused', reason: 'pauseRun it' },
      { ...told, type: 'run.resumed', reason: 'resumeRun it' },
      { ...told, type: 'cancel.requested', reason: null },
    ]);
    expect(await say('pauseRun')).toEqual({ run: null, errors: [{ code: 'RUN_ENDED' }] });
  });

  it('say why they do not go on, in a sentence, and nothing of that once they have ended', async () => {
    const { run } = await order('W-1');
    await untilStatus(run.id, 'waiting');
    const FIELDS = 'waitingBecause { kind words name count limit until runIds taskId } tasks { id title }';
    const { waitingBecause, tasks } = await look(run.id, FIELDS);
    const none = { count: null, limit: null, until: expect.anything(), runIds: [] };
    expect(waitingBecause).toEqual([
      { ...none, kind: 'task', words: `A person is to decide: ${tasks[0].title}`, name: tasks[0].title, taskId: tasks[0].id },
    ]);
    await operator.ask('mutation ($id: ID!) { pauseRun(id: $id) { errors { code } } }', { id: run.id });
    expect((await look(run.id, 'waitingBecause { words }')).waitingBecause).toEqual([
      { words: `It was paused by ${operator.displayName}, until somebody resumes it.` },
    ]);
    await operator.ask('mutation ($id: ID!) { cancelRun(id: $id) { errors { code } } }', { id: run.id });
    await untilStatus(run.id, 'canceled');
    expect((await look(run.id, FIELDS)).waitingBecause).toEqual([]);
  });

  it('start once per idempotency key', async () => {
    const first = await start('orders', { id: 'K', quantity: 1 }, 'key-1');
    const second = await start('orders', { id: 'K', quantity: 1 }, 'key-1');
    expect(second).toMatchObject({ existing: true, run: { id: first.run.id }, errors: [] });
  });

  it('refuse an input that does not fit, with the path of each field', async () => {
    const { run, errors } = await start('orders', { id: 7, quantity: 0, customer: { name: 3 } });
    expect(run).toBeNull();
    expect(errors.map(({ __typename, code, path }: Record<string, unknown>) => [__typename, code, path])).toEqual([
      ['FieldError', 'INPUT_INVALID', ['input', 'id']],
      ['FieldError', 'INPUT_INVALID', ['input', 'quantity']],
      ['FieldError', 'INPUT_INVALID', ['input', 'customer', 'name']],
    ]);
    expect((await start('nothing')).errors).toEqual([
      { __typename: 'GeneralError', code: 'WORKFLOW_NOT_FOUND', message: 'There is no workflow "nothing".', path: null },
    ]);
  });

  it('show a failure where it happened', async () => {
    const { run } = await start('failing');
    await untilStatus(run.id, 'failed');
    const found = await look(
      run.id,
      'errorCode errorMessage endedAt steps { key status error { code message stack } attempts { status retryAt } }',
    );
    expect(found).toMatchObject({
      errorCode: 'STEP_FAILED',
      errorMessage: 'The press is jammed.',
      steps: [
        { key: 'fail', status: 'failed', error: { message: 'The press is jammed.' }, attempts: [{ status: 'failed', retryAt: null }] },
      ],
    });
    expect(found.endedAt).not.toBeNull();
  });

  it('show where it was thrown to those who operate the server, and to nobody else', async () => {
    const { run } = await start('failing');
    await untilStatus(run.id, 'failed');
    const fields = `steps { error { code message stack } attempts { error { stack } } } journal(first: 100) { edges { node { type payload } } }`;
    const reviewer = await api.as('reviewer');
    const [theirs, ours] = [await look(run.id, fields, reviewer), await look(run.id, fields)];
    expect(ours.steps[0].error.stack).toMatch(/ at .+:\d+:\d+/);
    expect(theirs.steps[0]).toEqual({ error: { ...ours.steps[0].error, stack: null }, attempts: [{ error: { stack: null } }] });
    expect(JSON.stringify(ours.journal)).toMatch(/"stack":/);
    expect(JSON.stringify(theirs)).not.toMatch(/"stack":"|:\d+:\d+/);
    expect(theirs.journal.edges.map(({ node }: { node: { type: string } }) => node.type)).toEqual(
      ours.journal.edges.map(({ node }: { node: { type: string } }) => node.type),
    );
    expect(JSON.stringify(theirs.journal)).toContain('The press is jammed.');
  });

  it('are canceled once; an ended one says so', async () => {
    const { run } = await order('O-cancel');
    await untilStatus(run.id, 'waiting');
    const cancel = async () =>
      (
        await operator.ask('mutation ($id: ID!) { cancelRun(id: $id, reason: "no stock") { run { id } errors { code message } } }', {
          id: run.id,
        })
      ).data.cancelRun;
    expect((await cancel()).errors).toEqual([]);
    await untilStatus(run.id, 'canceled');
    expect((await look(run.id, 'steps { key status } tasks { status }')).steps[1]).toEqual({ key: 'approve', status: 'canceled' });
    expect(await cancel()).toEqual({
      run: null,
      errors: [{ code: 'RUN_ENDED', message: `Run ${run.id} has ended (canceled); it cannot change any more.` }],
    });
  });

  it('are listed in pages, newest first, by status and workflow', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) ids.unshift((await start('failing')).run.id);
    for (const id of ids) await untilStatus(id, 'failed');
    const page = async (after: string | null) =>
      (
        await operator.ask(
          'query ($after: String) { runs(first: 2, after: $after, filter: { status: [failed], workflow: "failing" }) { totalCount edges { cursor node { id input } } pageInfo { hasNextPage endCursor } } }',
          { after },
        )
      ).data.runs;
    const first = await page(null);
    expect(first.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual(ids.slice(0, 2));
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: first.edges[1].cursor });
    expect(first.totalCount).toBeGreaterThanOrEqual(3);
    const second = await page(first.pageInfo.endCursor);
    expect(second.edges[0].node.id).toBe(ids[2]);
  });

  it('have a journal in pages', async () => {
    const { run } = await order('O-journal');
    await untilStatus(run.id, 'waiting');
    const page = async (first: number, after: string | null) =>
      (
        await operator.ask(
          'query ($id: ID!, $first: Int!, $after: String) { run(id: $id) { journal(first: $first, after: $after) { edges { cursor node { seq type path at payload } } pageInfo { hasNextPage endCursor } } } }',
          { id: run.id, first, after },
        )
      ).data.run.journal;
    const one = await page(2, null);
    expect(one.edges.map((edge: { node: { type: string } }) => edge.node.type)).toEqual(['run.started', 'step.completed']);
    const rest = await page(100, one.pageInfo.endCursor);
    expect(rest.edges).toMatchObject([{ node: { seq: 3, type: 'task.opened', path: 'approve' } }]);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  it.each([
    ['runs(first: 0) { edges { cursor } }', 'PAGE_SIZE_INVALID', 'Ask for 1 to 100 items a page (first: 0).'],
    ['runs(first: 101) { edges { cursor } }', 'PAGE_SIZE_INVALID', 'Ask for 1 to 100 items a page (first: 101).'],
    [
      'runs(first: 1, after: "nonsense") { edges { cursor } }',
      'CURSOR_INVALID',
      'The cursor is not one of ours; start again from the first page.',
    ],
    [
      'runs(first: 1, filter: { workflow: "a\\u0000b" }) { edges { cursor } }',
      'INPUT_INVALID',
      'filter.workflow holds the character NUL; leave it out.',
    ],
    [
      'inbox(first: 1, filter: { workflow: "a\\u0000b" }) { edges { cursor } }',
      'INPUT_INVALID',
      'filter.workflow: It cannot be looked for: the text holds a NUL character or half a surrogate pair.',
    ],
    [
      'runs(first: 1, filter: { waitReason: "godot" }) { edges { cursor } }',
      'INPUT_INVALID',
      'filter.waitReason is one of task, timer, retry, async-result, dispatch, event, signal, child, incident, verification, key, checkpoint.',
    ],
    ['inbox(first: 0) { edges { cursor } }', 'PAGE_SIZE_INVALID', 'Ask for 1 to 100 items a page (first: 0).'],
  ])('refuse %s', async (field, code, message) => {
    expect((await operator.ask(`{ ${field} }`)).errors).toMatchObject([{ message, extensions: { code } }]);
  });

  it('are null when there is no such run, whatever the id looks like', async () => {
    for (const id of ['x', '01890000-0000-7000-8000-000000000000', `'; DROP TABLE runs`]) expect(await look(id, 'id')).toBeNull();
  });

  it('wait for results that an operator may deliver', async () => {
    const { askedAt } = await import('../../../test/server/orders.module.js');
    const { run } = await start('asking');
    await untilStatus(run.id, 'waiting');
    const id = new URL(askedAt.at(-1) ?? '').pathname.split('/').at(-1);
    const settle = async () =>
      (await operator.ask('mutation ($id: ID!) { settleAsyncResult(id: $id, result: { answer: 0 }) { settled errors { code } } }', { id }))
        .data.settleAsyncResult;
    expect(await settle()).toEqual({ settled: true, errors: [] });
    await untilStatus(run.id, 'completed');
    expect((await look(run.id, 'output')).output).toEqual({ answer: 0 });
    expect(await settle()).toMatchObject({ settled: false, errors: [{ code: 'RUN_ENDED' }] });
  });

  it('cost the same number of statements, however many a page shows', async () => {
    const pool = api.app.get<pg.Pool>(PG_POOL);
    const page = async (first: number) => {
      const names: string[] = [];
      const query = pool.query.bind(pool) as unknown as (statement: unknown) => Promise<unknown>;
      pool.query = ((statement: { name: string }) => {
        names.push(statement.name);
        return query(statement);
      }) as unknown as typeof pool.query;
      await operator.ask(
        'query ($first: Int!) { runs(first: $first, filter: { workflow: "orders" }) { edges { node { input output tasks { id run { id } history { kind } } related { run { id } } events { id } } } } }',
        { first },
      );
      pool.query = query as unknown as typeof pool.query;
      // The worker of this process asks for work meanwhile.
      return names.filter((name) => /^(list|read|tasks|task|events)-/.test(name)).sort();
    };
    for (const id of ['C-1', 'C-2', 'C-3']) await untilStatus((await order(id)).run.id, 'waiting');
    const one = await page(1);
    expect(one).toContain('read-run-payloads');
    expect(await page(3)).toEqual(one);
  });

  describe('of another tenant', () => {
    it('are not there: not by id, not in lists, not to cancel', async () => {
      const { run } = await order('O-ours');
      await untilStatus(run.id, 'waiting');
      const stranger = await api.as('admin', 'acme');
      expect(await look(run.id, 'id', stranger)).toBeNull();
      expect((await stranger.ask('{ runs(first: 10) { edges { cursor } } inbox(first: 10) { edges { cursor } } }')).data).toEqual({
        runs: { edges: [] },
        inbox: { edges: [] },
      });
      const { data } = await stranger.ask('mutation ($id: ID!) { cancelRun(id: $id) { errors { code } } }', { id: run.id });
      expect(data.cancelRun.errors).toEqual([{ code: 'RUN_NOT_FOUND' }]);
      const [task] = (await look(run.id, 'tasks { id version }')).tasks;
      expect((await stranger.ask('query ($id: ID!) { task(id: $id) { id } }', { id: task.id })).data.task).toBeNull();
      const claimed = await stranger.ask('mutation ($id: ID!) { claimTask(id: $id) { errors { code } } }', { id: task.id });
      expect(claimed.data.claimTask.errors).toEqual([{ code: 'TASK_NOT_FOUND' }]);
    });
  });

  describe('that went wrong', () => {
    const retry = async (id: string, who = operator) =>
      (await who.ask('mutation ($id: ID!) { retryRun(id: $id, reason: "mended") { run { id } errors { code message } } }', { id })).data
        ?.retryRun;
    const INCIDENT =
      'id status waitReasons errorCode errorMessage canRetry canCancel retryOf { id } retriedAs { id } lineage { id } incidents { path nodeId attempt cause error { code message } since }';

    it('and have an incident are found, say what is the matter, and are retried in place', async () => {
      const { run } = await start('parked');
      await untilStatus(run.id, 'waiting');
      const listed = await operator.ask('{ runs(first: 5, filter: { waitReason: "incident" }) { edges { node { id } } } }');
      expect(listed.data.runs.edges).toEqual([{ node: { id: run.id } }]);
      const found = await look(run.id, INCIDENT);
      expect(found).toMatchObject({
        ...{ status: 'waiting', waitReasons: ['incident'], errorCode: 'STEP_FAILED', errorMessage: 'The press is jammed.' },
        ...{ canRetry: true, canCancel: true, retryOf: null, retriedAs: null, lineage: [{ id: run.id }] },
        incidents: [
          {
            path: 'press',
            nodeId: 'press',
            attempt: 1,
            cause: 'attempts-exhausted',
            error: { code: 'STEP_FAILED', message: 'The press is jammed.' },
          },
        ],
      });
      expect(await retry(run.id)).toEqual({ run: { id: run.id }, errors: [] });
      await api.until(async () => (await look(run.id, INCIDENT)).incidents[0]?.attempt === 2);
    });

    it('that failed go on in a run of their own, and know each other', async () => {
      const { run } = await start('failing');
      await untilStatus(run.id, 'failed');
      expect(await look(run.id, 'canRetry canCancel')).toEqual({ canRetry: true, canCancel: false });
      const { run: next, errors } = await retry(run.id);
      expect(errors).toEqual([]);
      expect(next.id).not.toBe(run.id);
      const line = { lineage: [{ id: run.id }, { id: next.id }] };
      const LINE = 'canRetry retryOf { id } retriedAs { id } lineage { id }';
      expect(await look(run.id, LINE)).toEqual({ ...line, canRetry: false, retryOf: null, retriedAs: { id: next.id } });
      await untilStatus(next.id, 'failed');
      expect(await look(next.id, LINE)).toEqual({ ...line, canRetry: true, retryOf: { id: run.id }, retriedAs: null });
      expect((await retry(run.id)).run.id).toBe(next.id);
    });

    it('refuse a reason to wait for that there is not, and what cannot be retried', async () => {
      const { errors } = await operator.ask('{ runs(first: 1, filter: { waitReason: "weather" }) { edges { cursor } } }');
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'INPUT_INVALID' } });
      const { run } = await order('not-retryable');
      await untilStatus(run.id, 'waiting');
      expect(await retry(run.id)).toMatchObject({ run: null, errors: [{ code: 'RUN_NOT_RETRYABLE' }] });
      expect(await look(run.id, 'canRetry')).toEqual({ canRetry: false });
      expect(await retry('00000000-0000-7000-8000-000000000000')).toMatchObject({ errors: [{ code: 'RUN_NOT_FOUND' }] });
      expect(await retry(run.id, await api.as('reviewer'))).toBeUndefined();
    });
  });
});
