import { Logger } from '@nestjs/common';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const COLUMNS = 'columns { name value error }';
const RUNS = `{ runs(first: 10, filter: { workflow: "orders" }) { edges { node { id ${COLUMNS} } } } }`;
const { jest } = import.meta;

describe('the columns of runs and tasks', () => {
  let api: ApiApp;
  let operator: ApiUser;

  const warn = jest.spyOn(Logger.prototype, 'warn');

  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
    const start = 'mutation ($input: JSON) { startRun(workflow: "orders", input: $input) { run { id } } }';
    const orders = [
      { id: 'A', quantity: 2, customer: { name: 'Ada' } },
      { id: 'B', quantity: 1 },
    ];
    for (const [before, input] of orders.entries()) {
      await operator.ask(start, { input });
      // Beside each other they come to the inbox in any order.
      await api.until(async () => (await operator.ask('{ inbox(first: 9) { edges { node { id } } } }')).data.inbox.edges.length > before);
    }
  });
  afterAll(async () => {
    warn.mockRestore();
    await api.close();
  });

  const broken = { name: 'Broken', value: null, error: 'The column is out of order.' };
  const rows = async () => (await operator.ask(RUNS)).data.runs.edges.map(({ node }: { node: { columns: unknown } }) => node.columns);

  it('say what the workflow says, overridden by the screen at which the run stands, and what is broken in its own cell', async () => {
    const of = (customer: string, total: string) => [
      { name: 'Customer', value: customer, error: null },
      { name: 'Total', value: total, error: null },
      broken,
      { name: 'Waits', value: 'for an approval', error: null },
    ];
    expect(await rows()).toEqual([of('of B', '10'), of('of A', '20')]);
    const { data } = await operator.ask(`{ inbox(first: 9) { edges { node { ${COLUMNS} } } } workflow(name: "orders") { columns } }`);
    expect(data.inbox.edges.map(({ node }: { node: { columns: unknown } }) => node.columns)).toEqual([of('of A', '20'), of('of B', '10')]);
    expect(data.workflow.columns).toEqual(['Customer', 'Total', 'Broken', 'Waits']);
  });

  it('find tasks in the inbox, as they were when the task opened, and are offered with how many have them', async () => {
    const found = async (value: string) => {
      const { data } = await operator.ask(
        `query ($value: String!) { inbox(first: 9, filter: { columns: [{ name: "Customer", value: $value }] }) { edges { node { subject } } } }`,
        { value },
      );
      return data.inbox.edges.map(({ node }: { node: { subject: string } }) => node.subject);
    };
    expect(await found('of A')).toEqual(['Order A']);
    expect(await found('of')).toEqual([]);
    const { data } = await operator.ask(`{ columnValues(workflow: "orders", column: "Waits") { value count }
      some: columnValues(column: "Customer", like: "OF b") { value count } broken: columnValues(column: "Broken") { value } }`);
    expect(data).toEqual({ columnValues: [{ value: 'for an approval', count: 2 }], some: [{ value: 'of B', count: 1 }], broken: [] });
  });

  it('go back to what the workflow says when the run has left the screen, but the task keeps its own', async () => {
    const { data } = await operator.ask('{ inbox(first: 1) { edges { node { id version } } } }');
    const { id, version } = data.inbox.edges[0].node;
    await operator.ask(
      `mutation ($id: ID!, $version: Int!) { claimTask(id: $id) { task { id } }
        completeTask(id: $id, expectedVersion: $version, answer: { verdict: "approve" }) { errors { code } } }`,
      { id, version: version + 1 },
    );
    const run = await api.until(async () => {
      const task = (await operator.ask(`query ($id: ID!) { task(id: $id) { ${COLUMNS} run { status ${COLUMNS} } } }`, { id })).data.task;
      return task.run.status === 'completed' && task;
    });
    expect(run.columns).toHaveLength(4);
    expect(run.run.columns).toEqual([{ name: 'Customer', value: 'Ada', error: null }, { name: 'Total', value: '20', error: null }, broken]);
  });

  it('are told to the log once, however often a list is read', async () => {
    await rows();
    await rows();
    expect(warn.mock.calls.filter(([line]) => String(line).includes('column "Broken"'))).toHaveLength(1);
  });

  it('are none of a run whose version is not hosted, and say so of a journal that is too long; the list stands', async () => {
    const [newer, older] = (await operator.ask(RUNS)).data.runs.edges.map(({ node }: { node: { id: string } }) => node.id);
    await api.database.pool.query('UPDATE runs SET version = 9 WHERE id = $1', [newer]);
    await api.database.pool.query(
      `UPDATE journal SET payload = payload || jsonb_build_object('more', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 40000) n))
       WHERE run_id = $1 AND seq = 2`,
      [older],
    );
    const [unhosted, long] = await rows();
    expect(unhosted).toEqual([]);
    expect(long).toHaveLength(3);
    expect(long[0]).toMatchObject({ name: 'Customer', value: null, error: expect.stringContaining('too long') });
  });
});
