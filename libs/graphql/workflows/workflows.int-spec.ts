import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const GRAPH = 'graph { nodes { path kind label options } edges { from to branch } }';

describe('workflows over GraphQL', () => {
  let api: ApiApp;
  let reviewer: ApiUser;
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'] });
    reviewer = await api.as('reviewer');
  });
  afterAll(() => api.close());

  const graph = {
    nodes: [
      { path: 'price', kind: 'step', label: 'price', options: {} },
      { path: 'approve', kind: 'screen', label: 'Approve the order', options: { dueMs: 14_400_000, priority: 5 } },
      { path: 'emit-1', kind: 'emit', label: 'order.approved', options: {} },
    ],
    edges: [
      { from: 'price', to: 'approve', branch: null },
      { from: 'approve', to: 'emit-1', branch: null },
    ],
  };
  const ordersVersion = (version: number, columns: string) =>
    api.database.pool.query(
      `INSERT INTO workflow_versions (tenant, workflow, version, title, kind, fingerprint, graph)
       SELECT tenant, workflow, $1, title, kind, fingerprint, ${columns} FROM workflow_versions WHERE tenant = 'default' AND workflow = 'orders' LIMIT 1`,
      [version],
    );

  it('tell their graph, what starts them and when', async () => {
    const { data } = await reviewer.ask(
      `{ workflow(name: "orders") { startOn cancelOn schedule { id } ${GRAPH} } other: workflow(name: "intake") { startOn schedule { id zone } } }`,
    );
    expect(data.workflow).toEqual({ startOn: ['order.received'], cancelOn: [], schedule: null, graph });
    expect(data.other).toEqual({ startOn: [], schedule: { id: 'intake', zone: 'Europe/Zurich' } });
  });

  it('with a calendar tell when it is open, and what a time of it comes to', async () => {
    const FROM = '(from: "2026-12-24T15:30:00Z"';
    const { data } = await reviewer.ask(
      `{ workflow(name: "shipping") { calendar { zone days${FROM}, first: 2) { date holiday openings { from to } } hours: end${FROM}, of: "2bh") end${FROM}) } }
        orders: workflow(name: "orders") { calendar { zone } } }`,
    );
    expect(data).toEqual({
      workflow: {
        calendar: {
          ...{ zone: 'Europe/Zurich', hours: '2026-12-28T09:30:00.000Z', end: '2026-12-28T15:30:00.000Z' },
          days: [
            { date: '2026-12-24', holiday: null, openings: [{ from: '2026-12-24T08:00:00.000Z', to: '2026-12-24T16:00:00.000Z' }] },
            { date: '2026-12-25', holiday: 'closed', openings: [] },
          ],
        },
      },
      orders: { calendar: null },
    });
    const wrong = await reviewer.ask('{ workflow(name: "shipping") { calendar { end(of: "2 moons") } } }');
    expect(wrong.errors).toMatchObject([
      { message: expect.stringContaining('"2 moons" is not a duration'), extensions: { code: 'INPUT_INVALID' } },
    ]);
  });

  it('name their calendars, each with who counts by it, what of a year is unusual, and how a time comes to its end', async () => {
    const { data } = await reviewer.ask(
      `{ calendars { id name zone place usedBy { workflow version title } }
        calendar(calendar: "shipping@1") { week { weekday hours } unusualDays(year: 2026) { date holiday openings { from } }
          count(of: "1bd", from: "2026-12-24T15:30") { from begin end isPlain isInDays days { date holiday counted } }
          plain: count(of: "1d", from: "2026-12-25T10:00:00+02:00") { begin end isPlain days { date } } }
        none: calendar(calendar: "office") { id } }`,
    );
    const usedBy = [{ workflow: 'shipping', version: 1, title: 'shipping' }];
    expect(data.calendars).toEqual([{ id: 'shipping@1', name: null, zone: 'Europe/Zurich', place: null, usedBy }]);
    expect(data.none).toBeNull();
    expect(data.calendar.week[4]).toEqual({ weekday: 'friday', hours: ['09:00-17:00'] });
    expect(data.calendar.week[5]).toEqual({ weekday: 'saturday', hours: [] });
    expect(data.calendar).toMatchObject({
      unusualDays: [{ date: '2026-12-25', holiday: null, openings: [] }],
      count: {
        ...{ from: '2026-12-24T14:30:00.000Z', begin: '2026-12-24T14:30:00.000Z', end: '2026-12-28T14:30:00.000Z' },
        ...{ isPlain: false, isInDays: true },
        days: [
          { date: '2026-12-24', holiday: null, counted: 0 },
          { date: '2026-12-25', holiday: 'closed', counted: 0 },
          ...[26, 27].map((day) => ({ date: `2026-12-${day}`, holiday: null, counted: 0 })),
          { date: '2026-12-28', holiday: null, counted: 1 },
        ],
      },
      plain: { begin: '2026-12-25T08:00:00.000Z', end: '2026-12-26T08:00:00.000Z', isPlain: true, days: [] },
    });
    for (const [field, reason] of [
      ['count(from: "soon") { end }', '"soon" is no time'],
      ['unusualDays(year: 20260) { date }', '20260 is no year'],
    ]) {
      const { errors } = await reviewer.ask(`{ calendar(calendar: "shipping@1") { ${field} } }`);
      expect(errors).toMatchObject([{ message: expect.stringContaining(reason ?? ''), extensions: { code: 'INPUT_INVALID' } }]);
    }
    const years = Array.from({ length: 200 }, (_, n) => `y${n}: unusualDays { date }`).join(' ');
    const { errors } = await reviewer.ask(`{ calendar(calendar: "shipping@1") { ${years} } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
  });

  it('tell their versions, newest first, each with the graph that it was registered with', async () => {
    await ordersVersion(3, 'graph');
    await ordersVersion(2, `'{"nodes": [{"path": "price", "kind": "step"}]}'`);
    const { data } = await reviewer.ask(`{ workflow(name: "orders") { versions(first: 3) { version title isHosted ${GRAPH} } } }`);
    expect(data.workflow.versions).toEqual([
      { version: 3, title: 'Handle an order', isHosted: false, graph },
      { version: 2, title: 'Handle an order', isHosted: false, graph: null },
      { version: 1, title: 'Handle an order', isHosted: true, graph },
    ]);
  });

  it('a run tells the graph of its own version, hosted or not, and its workflow its latest runs', async () => {
    const operator = await api.as('operator');
    const START = 'mutation { startRun(workflow: "orders", input: { id: "A", quantity: 1 }) { run { id } } }';
    const ids = [];
    for (let count = 0; count < 3; count++) ids.unshift((await operator.ask(START)).data.startRun.run.id);
    for (const [id, version] of [
      [ids[0], 2],
      [ids[1], 3],
    ])
      await api.database.pool.query('UPDATE runs SET version = $2 WHERE id = $1', [id, version]);
    const { data } = await reviewer.ask(
      `{ workflow(name: "orders") { two: latestRuns(first: 2) { id } latestRuns(first: 5) { id status ${GRAPH} } } }`,
    );
    expect(data.workflow.latestRuns).toEqual([
      { id: ids[0], status: 'queued', graph: null },
      { id: ids[1], status: 'queued', graph },
      { id: ids[2], status: 'queued', graph },
    ]);
    expect(data.workflow.two).toEqual([{ id: ids[0] }, { id: ids[1] }]);
    const stranger = await api.as('admin', 'acme');
    const theirs = await stranger.ask('{ workflow(name: "orders") { latestRuns(first: 5) { id } versions(first: 5) { version } } }');
    expect(theirs.data.workflow).toEqual({ latestRuns: [], versions: [{ version: 1 }] });
  });
});
