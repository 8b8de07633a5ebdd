import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

describe('emitters, schedules and workflows over GraphQL', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const LEDGER = 'read rejected deduplicated queued running waiting paused completed failed canceled balances';
  const nothing = {
    read: 0,
    rejected: 0,
    deduplicated: 0,
    queued: 0,
    running: 0,
    waiting: 0,
    paused: 0,
    completed: 0,
    failed: 0,
    canceled: 0,
    balances: true,
  };

  it('an emitter that has read nothing has an empty ledger that balances', async () => {
    const { data } = await operator.ask(
      `{ emitters { name title processor ledger { ${LEDGER} } runs(first: 5) { run { id } } rejected(first: 5) { reason } } }`,
    );
    expect(data.emitters).toEqual([{ name: 'intake', title: 'Read orders', processor: 'orders', ledger: nothing, runs: [], rejected: [] }]);
  });

  it('its ledger adds up to what it read, in all and per run', async () => {
    const { run } = (await operator.ask('mutation { startRun(workflow: "intake") { run { id } } }')).data.startRun;
    const emitter = await api.until(async () => {
      const { data } = await operator.ask(
        `{ emitter(name: "intake") { ledger { ${LEDGER} } runs(first: 1) { run { id status } ledger { read rejected deduplicated waiting balances } } rejected(first: 9) { runId position reason excerpt } } }`,
      );
      const { ledger, runs } = data.emitter as {
        ledger: { waiting: number };
        runs: { run: { status: string }; ledger: { waiting: number } }[];
      };
      // Its runs may wait for people before it has ended itself, and the fields of one answer are read one after the other.
      const isOver = [ledger, runs[0]?.ledger].every((one) => one?.waiting === 2) && runs[0]?.run.status === 'completed';
      return isOver && data.emitter;
    });
    expect(emitter).toEqual({
      ledger: { ...nothing, read: 4, rejected: 1, deduplicated: 1, waiting: 2 },
      runs: [{ run: { id: run.id, status: 'completed' }, ledger: { read: 4, rejected: 1, deduplicated: 1, waiting: 2, balances: true } }],
      rejected: [{ runId: run.id, position: 4, reason: 'short row', excerpt: 'x,y' }],
    });
    expect((await operator.ask('{ emitter(name: "orders") { name } }')).data.emitter).toBeNull();
    const stranger = await api.as('operator', 'acme');
    expect((await stranger.ask(`{ emitter(name: "intake") { ledger { ${LEDGER} } rejected(first: 1) { reason } } }`)).data.emitter).toEqual(
      { ledger: nothing, rejected: [] },
    );
  });

  it('a run that an emitter started names it as its cause', async () => {
    const { data } = await operator.ask(
      '{ runs(first: 1, filter: { workflow: "orders" }) { edges { node { startedBy related { direction via run { workflow } } } } } }',
    );
    expect(data.runs.edges[0].node).toEqual({
      startedBy: 'emitter',
      related: [{ direction: 'cause', via: 'emitter', run: { workflow: 'intake' } }],
    });
  });

  it('schedules say when they fire next', async () => {
    const { data } = await operator.ask(
      '{ schedules { id workflow cron zone overlap catchUp description nextFirings(first: 3) slots(first: 3) { outcome } } emitter(name: "intake") { schedule { id } } }',
    );
    expect(data.schedules).toMatchObject([
      { id: 'intake', workflow: 'intake', cron: '0 6 * * 1-5', zone: 'Europe/Zurich', overlap: 'skip', catchUp: 'latest', slots: [] },
    ]);
    expect(data.schedules[0].nextFirings).toHaveLength(3);
    expect(data.schedules[0].description).not.toBe('');
    expect(data.emitter.schedule).toEqual({ id: 'intake' });
    expect((await operator.ask('{ schedules { nextFirings(first: 0) } }')).errors).toMatchObject([
      { extensions: { code: 'PAGE_SIZE_INVALID' } },
    ]);
  });

  it('workflows show their graph and what input they take', async () => {
    const { data } = await operator.ask(
      '{ workflows { name version title isEmitter } workflow(name: "orders") { inputSchema mermaid } shipping: workflow(name: "shipping") { inputSchema } none: workflow(name: "none") { name } }',
    );
    expect(data.workflows).toContainEqual({ name: 'intake', version: 1, title: 'Read orders', isEmitter: true });
    expect(data.workflow.inputSchema).toMatchObject({ type: 'object', required: ['id', 'quantity'] });
    expect(data.workflow.mermaid).toContain('flowchart TD');
    expect({ ...data.shipping, none: data.none }).toEqual({ inputSchema: null, none: null });
  });

  it('events are emitted by operators and start what listens', async () => {
    const emit = async (name: string, payload: unknown) =>
      (
        await operator.ask(
          'mutation ($name: String!, $payload: JSON) { emitEvent(name: $name, payload: $payload, idempotencyKey: "k") { event { id name payload idempotencyKey emittedAt } errors { code path } } }',
          { name, payload },
        )
      ).data.emitEvent;
    const { event, errors } = await emit('order.received', { id: 'E-1', quantity: 1 });
    expect({ event, errors }).toMatchObject({
      event: { name: 'order.received', payload: { id: 'E-1', quantity: 1 }, idempotencyKey: 'k' },
      errors: [],
    });
    await api.until(async () => {
      const { data } = await operator.ask('{ runs(first: 1, filter: { workflow: "orders" }) { edges { node { startedBy input } } } }');
      return data.runs.edges[0].node.startedBy === 'event' && data.runs.edges[0].node.input.id === 'E-1';
    });
    expect(await emit('moon.landed', null)).toEqual({ event: null, errors: [{ code: 'EVENT_NOT_FOUND', path: null }] });
  });
});
