import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const STATE = 'id status version claimedBy { name } claimedUntil isMine draft draftVersion answer decidedBy { name } endedAt';
const ERRORS = `errors { __typename code message path ... on TaskClaimed { by { name } until } ... on VersionConflict { task { ${STATE} } } ... on TaskClosed { task { ${STATE} } } }`;

describe('tasks over GraphQL', () => {
  let api: ApiApp;
  let [ada, bob]: ApiUser[] = [];
  beforeAll(async () => {
    api = await startApiApp();
    [ada, bob] = [await api.as('reviewer'), await api.as('reviewer')];
  });
  afterAll(() => api.close());

  /** A task in the inbox, of an order of its own. */
  async function open(order: string): Promise<{ id: string; runId: string; version: number }> {
    const operator = await api.as('operator');
    await operator.ask('mutation ($input: JSON) { startRun(workflow: "orders", input: $input) { existing } }', {
      input: { id: order, quantity: 3 },
    });
    return api.until(async () => {
      const { data } = await operator.ask('{ inbox(first: 100) { edges { node { id runId version subject } } } }');
      return data.inbox.edges
        .map((edge: { node: unknown }) => edge.node)
        .find((task: { subject: string }) => task.subject === `Order ${order}`);
    });
  }
  const change = async (who: ApiUser | undefined, call: string, variables: Record<string, unknown>) => {
    const name = /^\w+/.exec(call)?.[0] ?? '';
    const types: Record<string, string> = { id: 'ID!', version: 'Int!', answer: 'JSON!', draft: 'JSON!', next: 'Boolean', key: 'String' };
    const declared = Object.keys(variables)
      .map((variable) => `$${variable}: ${types[variable]}`)
      .join(', ');
    const next = name === 'completeTask' ? 'nextTask { id subject isMine }' : '';
    const answer = await who?.ask(`mutation (${declared}) { ${call} { task { ${STATE} } ${next} ${ERRORS} } }`, variables);
    if (!answer?.data) throw new Error(JSON.stringify(answer));
    return answer.data[name];
  };
  const claim = (who: ApiUser | undefined, id: string) => change(who, 'claimTask(id: $id)', { id });
  const complete = (who: ApiUser | undefined, id: string, version: number, answer: unknown) =>
    change(who, 'completeTask(id: $id, expectedVersion: $version, answer: $answer)', { id, version, answer });

  it('show what the reviewer needs: props, form, suggestion, due time, run', async () => {
    const { id, runId } = await open('T-1');
    const { data } = await (ada as ApiUser).ask(
      'query ($id: ID!) { task(id: $id) { workflow screen title subject instructions priority openedAt dueAt props form suggestion { values confidence fields { path confidence } source openBelow leftOut { path message } } run { id title } history { kind at } } }',
      { id },
    );
    expect(data.task).toMatchObject({
      ...{
        workflow: 'orders',
        screen: 'approve',
        title: 'Approve the order',
        subject: 'Order T-1',
        instructions: 'Look at the total.',
        priority: 5,
        props: { total: 30 },
        suggestion: {
          values: { verdict: 'approve', note: 'As always.' },
          confidence: 0.9,
          fields: [{ path: 'note', confidence: 0.3 }],
          source: 'price',
          openBelow: 0.8,
          leftOut: [],
        },
      },
      ...{ run: { id: runId, title: 'Handle an order' }, form: { type: 'object', required: ['verdict'] } },
    });
    expect(new Date(data.task.dueAt).getTime() - new Date(data.task.openedAt).getTime()).toBeGreaterThan(3 * 3_600_000);
  });

  it('are claimed, drafted and decided; the run goes on', async () => {
    const { id, runId } = await open('T-2');
    const { task: claimed } = await claim(ada, id);
    expect(claimed).toMatchObject({ status: 'claimed', isMine: true, claimedBy: { name: ada?.displayName } });
    const { task: drafted } = await change(ada, 'saveTaskDraft(id: $id, expectedDraftVersion: $version, draft: $draft)', {
      id,
      version: 0,
      draft: { verdict: 'approve' },
    });
    expect(drafted).toMatchObject({ draft: { verdict: 'approve' }, draftVersion: 1, version: claimed.version });
    const { task: done, errors } = await complete(ada, id, claimed.version, { verdict: 'approve', note: 'fine' });
    expect({ done, errors }).toMatchObject({
      done: { status: 'completed', answer: { verdict: 'approve', note: 'fine' }, decidedBy: { name: ada?.displayName } },
      errors: [],
    });
    const run = await api.until(async () => {
      const { data } = await (ada as ApiUser).ask(
        'query ($id: ID!) { run(id: $id) { status events { name payload deliveries { consumer status runId } } related { direction via event run { workflow status } } } }',
        { id: runId },
      );
      // The fields of one answer are read one after the other, so wait until all of them tell the end.
      const isStarted = data.run.events[0]?.deliveries[0]?.status === 'started';
      return data.run.status === 'completed' && isStarted && data.run.related[0]?.run.status === 'completed' && data.run;
    });
    expect(run).toMatchObject({
      status: 'completed',
      events: [{ name: 'order.approved', payload: { id: 'T-2' }, deliveries: [{ status: 'started' }] }],
      related: [{ direction: 'effect', via: 'event', event: 'order.approved', run: { workflow: 'shipping' } }],
    });
    const { data } = await (ada as ApiUser).ask('query ($id: ID!) { task(id: $id) { history { kind actor { name } } } }', { id });
    expect(data.task.history.map((entry: { kind: string }) => entry.kind)).toEqual(expect.arrayContaining(['claimed', 'completed']));
  });

  it('claimed by somebody else say by whom and until when', async () => {
    const { id } = await open('T-3');
    const { task } = await claim(ada, id);
    const refused = await claim(bob, id);
    expect(refused).toMatchObject({
      task: null,
      errors: [{ __typename: 'TaskClaimed', code: 'TASK_CLAIMED', path: null, by: { name: ada?.displayName }, until: task.claimedUntil }],
    });
    const seen = (await (bob as ApiUser).ask('query ($id: ID!) { task(id: $id) { isMine claimedBy { name } } }', { id })).data.task;
    expect(seen).toEqual({ isMine: false, claimedBy: { name: ada?.displayName } });
  });

  it('decided meanwhile show the winner’s decision', async () => {
    const { id } = await open('T-4');
    const { task } = await claim(ada, id);
    await complete(ada, id, task.version, { verdict: 'reject' });
    const { errors } = await complete(bob, id, task.version, { verdict: 'approve' });
    expect(errors).toMatchObject([
      {
        __typename: 'TaskClosed',
        code: 'TASK_CLOSED',
        task: { status: 'completed', answer: { verdict: 'reject' }, decidedBy: { name: ada?.displayName } },
      },
    ]);
  });

  it('changed meanwhile show their present state', async () => {
    const { id, version } = await open('T-5');
    const { task } = await claim(ada, id);
    const { errors } = await complete(ada, id, version - 1, { verdict: 'approve' });
    expect(errors).toMatchObject([
      { __typename: 'VersionConflict', code: 'VERSION_CONFLICT', task: { id, status: 'claimed', version: task.version } },
    ]);
  });

  it('with a wrong answer say which field', async () => {
    const { id } = await open('T-6');
    const { task } = await claim(ada, id);
    const { errors } = await complete(ada, id, task.version, { verdict: 'maybe', extra: 1 });
    expect(errors.map(({ __typename, code, path }: Record<string, unknown>) => [__typename, code, path])).toEqual(
      expect.arrayContaining([
        ['FieldError', 'ANSWER_INVALID', ['answer', 'verdict']],
        ['FieldError', 'ANSWER_INVALID', ['answer', 'extra']],
      ]),
    );
  });

  it('hand out the next one, claimed, when asked', async () => {
    const { id } = await open('T-7');
    await open('T-8');
    const { task } = await claim(ada, id);
    const result = await change(ada, 'completeTask(id: $id, expectedVersion: $version, answer: $answer, claimNext: $next)', {
      id,
      version: task.version,
      answer: { verdict: 'approve' },
      next: true,
    });
    expect(result).toMatchObject({ errors: [], nextTask: { isMine: true } });
  });

  it('can be released, and canceled with their run', async () => {
    const { id, runId } = await open('T-9');
    await claim(ada, id);
    const { task } = await change(ada, 'releaseTask(id: $id)', { id });
    expect(task).toMatchObject({ status: 'open', claimedBy: null });
    const canceled = await change(ada, 'cancelTask(id: $id, expectedVersion: $version)', { id, version: task.version });
    expect(canceled).toMatchObject({ task: { status: 'canceled' }, errors: [] });
    await api.until(
      async () =>
        (await (ada as ApiUser).ask('query ($id: ID!) { run(id: $id) { status } }', { id: runId })).data.run.status === 'canceled',
    );
  });

  it('are listed in pages and by whose they are', async () => {
    const { id } = await open('T-10');
    await claim(bob, id);
    const list = async (filter: string) =>
      (
        await (bob as ApiUser).ask(
          `{ inbox(first: 1, filter: ${filter}) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`,
        )
      ).data.inbox;
    const mine = await list('{ mine: true }');
    expect(mine).toMatchObject({ edges: [{ node: { id } }], pageInfo: { hasNextPage: false } });
    const ended = await list('{ status: [completed, canceled] }');
    expect(ended.pageInfo).toMatchObject({ hasNextPage: true, endCursor: ended.edges[0].cursor });
  });

  it('are handed out next, skipped with a reason, and taken over from their holder', async () => {
    await open('T-11');
    const next = await (ada as ApiUser).ask(
      'mutation { claimNextTask(filter: { workflow: "orders" }) { task { id version isMine } errors { code } } }',
    );
    const { task, errors } = next.data.claimNextTask;
    expect({ task, errors }).toMatchObject({ task: { isMine: true }, errors: [] });
    const takeOver = (version: number) => change(bob, 'takeOverTask(id: $id, expectedVersion: $version)', { id: task.id, version });
    expect(await takeOver(task.version - 1)).toMatchObject({
      errors: [{ __typename: 'VersionConflict', task: { claimedBy: { name: ada?.displayName } } }],
    });
    expect(await takeOver(task.version)).toMatchObject({ task: { isMine: true }, errors: [] });
    const skip = async (reason: string) =>
      (
        await (bob as ApiUser).ask(
          'mutation ($id: ID!, $reason: String!) { skipTask(id: $id, reason: $reason, claimNext: true) { task { status } nextTask { id } errors { code path } } }',
          { id: task.id, reason },
        )
      ).data.skipTask;
    expect(await skip(' ')).toMatchObject({ task: null, errors: [{ code: 'INPUT_INVALID', path: ['reason'] }] });
    const skipped = await skip('I ordered it myself.');
    expect(skipped).toMatchObject({ task: { status: 'open' }, errors: [] });
    expect(skipped.nextTask?.id).not.toBe(task.id);
  });
});
