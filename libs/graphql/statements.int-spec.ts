/** However many runs a page shows, what hangs on them is read by as many statements as on one. */
import { PG_POOL } from '@stepwell/storage';
import type pg from 'pg';
import { type ApiApp, type ApiUser, startApiApp } from '../../test/server/api-app.js';

/** Everything that a run leads to, each with what hangs on that. */
const RUN = `id input output columns { value error } events { id deliveries { status } } tasks { id subject columns { value } history { kind } run { id } }
  journal(first: 2) { edges { node { seq type } } } related { via run { id input } } steps { key status attempts { number } }`;
const RUNS = `query ($first: Int!) { runs(first: $first, filter: { workflow: "orders" }) { edges { node { ${RUN} } } } }`;

/** The runs, who asks, and each kind of what hangs on a run; payloads once more for the runs that others caused. */
const EXPECTED = [
  ...['events-of-runs', 'list-runs-of-workflow', 'read-bounded-journals', 'read-bounded-journals', 'read-deliveries', 'read-journal'],
  ...['read-journal-pages'],
  ...['read-related-runs', 'read-run-payloads'],
  ...['read-run-payloads', 'read-runs', 'read-session', 'task-history', 'tasks-of-runs'],
];
/** What a list brings along, and all that it leaves out. */
const INBOX = `query ($more: Boolean!) { inbox(first: 19) { edges { node { id draftVersion reviews { given } ...More @include(if: $more) } } } }
  fragment More on Task { props form suggestion { values } draft answer agreement { path } reviews { shown { answer } differing } }`;
/** Many parents: what differs in an argument is read with the rest. */
const EMITTERS = `{
  emitters { name a: runs(first: 1) { run { id } ledger { read } } b: runs(first: 2) { run { id } ledger { read } }
    c: rejected(first: 1) { reason } d: rejected(first: 2) { reason } schedule { e: slots(first: 1) { outcome } f: slots(first: 2) { outcome } } }
}`;
const START_FIVE = `mutation ($input: JSON) { ${[1, 2, 3, 4, 5].map((number) => `s${number}: startRun(workflow: "orders", input: $input) { existing }`).join(' ')} }`;
const APPROVE = `mutation ($id: ID!, $version: Int!) { claimTask(id: $id) { task { id } }
  completeTask(id: $id, expectedVersion: $version, answer: { verdict: "approve" }) { errors { code } } }`;

const { jest } = import.meta;

describe('the statements of a nested query', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
    for (let count = 0; count < 20; count += 5) await operator.ask(START_FIVE, { input: { id: 'O', quantity: 1 } });
    await api.until(async () => {
      const { data } = await operator.ask('{ inbox(first: 100) { edges { node { id version } } } }');
      if (data.inbox.edges.length < 20) return false;
      const { id, version } = data.inbox.edges[0].node;
      // One goes on: its event starts a run of another workflow.
      await operator.ask(APPROVE, { id, version: version + 1 });
      return true;
    });
    await api.until(
      async () => (await operator.ask('{ runs(first: 1, filter: { workflow: "shipping" }) { edges { node { id } } } }')).data.runs.edges[0],
    );
  });
  afterAll(() => api.close());

  /** @returns the names of the statements that a query ran, in alphabetical order, and its answer */
  async function statementsOf(query: string, variables: Record<string, unknown>) {
    // The pages have this pool for themselves: what the engine does meanwhile goes another way.
    const spy = jest.spyOn(api.app.get<pg.Pool>(PG_POOL), 'query');
    try {
      const answer = await operator.ask(query, variables);
      return { answer, names: spy.mock.calls.map(([statement]) => (statement as unknown as { name: string }).name).sort() };
    } finally {
      spy.mockRestore();
    }
  }

  it('are one per kind, however many runs there are', async () => {
    const { answer, names } = await statementsOf(RUNS, { first: 20 });
    expect(answer.errors).toBeUndefined();
    const nodes = answer.data.runs.edges.map(({ node }: { node: unknown }) => node);
    expect(nodes).toHaveLength(20);
    expect(nodes.filter((node: { related: unknown[] }) => node.related.length > 0)).toHaveLength(1);
    for (const node of nodes)
      expect(node).toMatchObject({ tasks: [{ history: expect.anything() }], steps: { length: expect.any(Number) } });
    expect(names).toEqual(EXPECTED);
  });

  it('are one for a list of tasks, and one more for what it leaves out of them', async () => {
    const inShort = await statementsOf(INBOX, { more: false });
    // The list is planned each time anew, and so has no name.
    expect([inShort.answer.errors, inShort.names]).toEqual([undefined, ['read-session', undefined]]);
    const { answer, names } = await statementsOf(INBOX, { more: true });
    expect(names).toEqual(['read-session', 'read-tasks', undefined]);
    const nodes = answer.data.inbox.edges.map(({ node }: { node: unknown }) => node);
    expect(nodes).toHaveLength(19);
    for (const node of nodes) expect(node).toMatchObject({ props: { total: 10 }, form: { type: 'object' }, draft: null, answer: null });
  });

  it('are one per kind for emitters and schedules too, whatever their lists are asked for', async () => {
    const { answer, names } = await statementsOf(EMITTERS, {});
    expect(answer.errors).toBeUndefined();
    expect(answer.data.emitters).toHaveLength(1);
    expect(names).toEqual(['latest-runs', 'latest-slots', 'list-schedules', 'read-rejected', 'read-session']);
  });
});
