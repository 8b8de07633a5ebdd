import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';
import { askedAt } from '../../../test/server/orders.module.js';

const INJECT = `mutation ($id: ID!, $nodes: [InjectedNodeInput!]!, $position: Int, $key: String) {
  injectNodes(id: $id, nodes: $nodes, position: $position, idempotencyKey: $key) { existing run { id } errors { code message path } }
}`;

describe('nodes injected over GraphQL', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const look = async (id: string, fields: string) =>
    (await operator.ask(`query ($id: ID!) { run(id: $id) { ${fields} } }`, { id })).data.run;
  const begin = async (): Promise<{ id: string; answer: () => Promise<unknown> }> => {
    const { id } = (await operator.ask('mutation { startRun(workflow: "asking") { run { id } } }')).data.startRun.run;
    await api.until(async () => (await look(id, 'status')).status === 'waiting');
    const url = new URL(askedAt.at(-1) ?? '');
    return { id, answer: () => api.client().post(url.pathname + url.search).send({ result: 'yes' }) }; // prettier-ignore
  };
  const note = (id: string, text: unknown = id, handler = 'note') => ({ id, handler, params: { text } });
  const inject = async (id: string, nodes: readonly object[], more: object = {}) =>
    (await operator.ask(INJECT, { id, nodes, ...more })).data.injectNodes;

  it('run at their point in the order that was asked for, once, whoever asks again', async () => {
    const { id, answer } = await begin();
    expect(await inject(id, [note('b')], { key: 'first' })).toEqual({ existing: false, run: { id }, errors: [] });
    // The run may be reading it at this moment: then the repeat is told so by nobody, and still nothing comes of it.
    expect(await inject(id, [note('x')], { key: 'first' })).toMatchObject({ errors: [] });
    await api.until(async () => (await look(id, 'status')).status === 'waiting');
    expect(await inject(id, [note('x')], { key: 'first' })).toMatchObject({ existing: true, errors: [] });
    expect(await inject(id, [note('a')], { position: 0 })).toMatchObject({ existing: false, errors: [] });
    await answer();
    await api.until(async () => (await look(id, 'status')).status === 'completed');
    expect(await look(id, 'output')).toEqual({
      output: ['a', 'b'].map((one) => ({ id: one, handler: 'note', output: { written: one } })),
    });
    expect(await inject(id, [note('c')])).toMatchObject({ run: null, errors: [{ code: 'RUN_ENDED' }] });
  });

  it('are refused as a whole, with what is wrong with each', async () => {
    const { id } = await begin();
    const refused = async (nodes: readonly object[]) => (await inject(id, nodes)).errors;
    expect(await refused([note('good'), { ...note('bad', 7), options: { timeout: 'soon', cron: '*' } }])).toMatchObject([
      { code: 'INJECTION_INVALID', path: ['nodes', '1', 'options', 'cron'] },
    ]);
    expect(await refused([note('good'), { ...note('bad', 7), options: { timeout: 'soon' } }])).toMatchObject([
      { code: 'INJECTION_INVALID', path: ['nodes', '1', 'params', 'text'] },
      { code: 'INJECTION_INVALID', path: ['nodes', '1', 'options'] },
    ]);
    expect(await refused([note('good', 'x', 'no-such-handler')])).toMatchObject([{ code: 'INJECTION_HANDLER_UNKNOWN' }]);
    expect(await refused([note('good', 'x', 'ask')])).toMatchObject([{ code: 'INJECTION_NOT_ALLOWED' }]);
    expect(await refused([])).toMatchObject([{ code: 'INJECTION_INVALID', path: ['nodes'] }]);
    expect(await refused([note('ask')])).toMatchObject([{ code: 'INJECTION_ID_TAKEN' }]);
    expect(await refused(['a', 'b', 'c', 'd'].map((one) => note(one)))).toMatchObject([{ code: 'INJECTION_LIMIT' }]);
    expect(JSON.stringify(await look(id, 'journal(first: 50) { edges { node { type } } }'))).not.toContain('injected');
  });
});
