import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

describe('checkpoints over GraphQL', () => {
  let api: ApiApp;
  let operator: ApiUser;
  let run: string;
  /** Of the price, and of the approval. */
  let seqs: number[];

  const listed = async (id: string, more = '') =>
    (
      await operator.ask(
        `query ($id: ID!) { run(id: $id) { checkpoints(first: 10${more}) { edges { cursor node { seq type path } } pageInfo { hasNextPage } } } }`,
        { id },
      )
    ).data.run.checkpoints;
  const statusOf = async (id: string) => (await operator.ask('query ($id: ID!) { run(id: $id) { status } }', { id })).data.run.status;
  const fork = async (checkpoint: number) =>
    (
      await operator.ask(
        'mutation ($id: ID!, $c: Int) { forkRun(id: $id, checkpoint: $c) { run { id startedBy } errors { code message } } }',
        { id: run, c: checkpoint },
      )
    ).data.forkRun;

  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
    const start = 'mutation { startRun(workflow: "orders", input: { id: "C-1", quantity: 2 }) { run { id } } }';
    run = (await operator.ask(start)).data.startRun.run.id;
    const task = await api.until(
      async () => (await operator.ask('query ($id: ID!) { run(id: $id) { tasks { id version } } }', { id: run })).data.run.tasks[0],
    );
    await operator.ask('mutation ($id: ID!) { claimTask(id: $id) { task { id } } }', { id: task.id });
    await operator.ask(
      'mutation ($id: ID!, $v: Int!, $a: JSON!) { completeTask(id: $id, expectedVersion: $v, answer: $a) { errors { code } } }',
      { id: task.id, v: task.version + 1, a: { verdict: 'approve' } },
    );
    await api.until(async () => (await statusOf(run)) === 'completed');
    seqs = (await listed(run)).edges.map(({ node }: { node: { seq: number } }) => node.seq);
  });
  afterAll(() => api.close());

  it('are listed page by page, oldest first', async () => {
    const { edges, pageInfo } = await listed(run);
    expect(edges.slice(0, 2).map(({ node }: { node: object }) => node)).toMatchObject([
      { type: 'step.completed', path: 'price' },
      { type: 'task.completed', path: 'approve' },
    ]);
    expect(pageInfo.hasNextPage).toBe(false);
    expect((await listed(run, `, after: "${edges[0].cursor}"`)).edges).toEqual(edges.slice(1));
  });

  it('tell what the run knew, and how one differs from the next', async () => {
    const query = `query ($id: ID!, $a: Int!, $b: Int!) {
      checkpoint(runId: $id, seq: $a) { seq path context { input outputs { path output } saved { path } } }
      checkpointDiff(runId: $id, from: $a, to: $b) { changes { what path kind before after } }
      none: checkpoint(runId: $id, seq: 1) { seq }
    }`;
    const { data } = await operator.ask(query, { id: run, a: seqs[0], b: seqs[1] });
    expect(data).toEqual({
      checkpoint: {
        seq: seqs[0],
        path: 'price',
        context: { input: { id: 'C-1', quantity: 2 }, outputs: [{ path: 'price', output: { total: 20 } }], saved: [] },
      },
      checkpointDiff: { changes: [{ what: 'output', path: 'approve', kind: 'added', before: null, after: { verdict: 'approve' } }] },
      none: null,
    });
  });

  it('are where another run goes on, at the next step', async () => {
    const { run: forked, errors } = await fork(seqs[0] ?? 0);
    expect(errors).toEqual([]);
    await api.until(async () => (await statusOf(forked.id)) === 'waiting');
    const { data } = await operator.ask('query ($id: ID!) { run(id: $id) { steps { key status isTakenOver } } }', { id: forked.id });
    expect(data.run.steps).toEqual([
      { key: 'price', status: 'completed', isTakenOver: true },
      { key: 'approve', status: 'waiting', isTakenOver: false },
    ]);
    expect((await fork(1)).errors).toMatchObject([{ code: 'CHECKPOINT_NOT_FOUND' }]);
  });

  it('leave as a text, and one run goes on from it', async () => {
    const exporting = 'mutation ($id: ID!, $s: Int!) { exportCheckpoint(runId: $id, seq: $s) { checkpoint expiresAt errors { code } } }';
    const { checkpoint, errors } = (await operator.ask(exporting, { id: run, s: seqs[0] })).data.exportCheckpoint;
    expect(errors).toEqual([]);
    const going = `mutation ($c: String!, $data: JSON) {
      runCheckpoint(checkpoint: $c, overrideData: $data) { run { id input startedBy } errors { code path } }
    }`;
    const goOn = async (data: object) => (await operator.ask(going, { c: checkpoint, data })).data.runCheckpoint;
    expect((await goOn({ quantity: 0 })).errors).toEqual([{ code: 'INPUT_INVALID', path: ['overrideData', 'quantity'] }]);
    const next = await goOn({ quantity: 3 });
    expect(next).toMatchObject({ run: { input: { id: 'C-1', quantity: 3 }, startedBy: 'fork' }, errors: [] });
    expect(await goOn({ quantity: 4 })).toMatchObject({ run: null, errors: [{ code: 'CHECKPOINT_USED' }] });
  });

  it('are pruned by an operator: nothing goes on from those any more', async () => {
    const prune = 'mutation ($id: ID!, $before: Int!) { pruneCheckpoints(id: $id, before: $before) { pruned errors { code } } }';
    const reviewer = await api.as('reviewer');
    expect((await reviewer.ask(prune, { id: run, before: seqs[1] })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const pruned = async (before?: number) => (await operator.ask(prune, { id: run, before })).data.pruneCheckpoints;
    expect(await pruned(seqs[1])).toEqual({ pruned: 1, errors: [] });
    expect(await pruned(seqs[0])).toMatchObject({ errors: [{ code: 'CHECKPOINT_NOT_FOUND' }] });
    expect((await listed(run)).edges[0].node.path).toBe('approve');
    expect((await fork(seqs[0] ?? 0)).errors).toMatchObject([{ code: 'CHECKPOINT_NOT_FOUND' }]);
  });
});
