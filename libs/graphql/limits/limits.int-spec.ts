import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';
import { MAX_NESTING } from './nesting.js';
import { MAX_COST, MAX_DEPTH } from './query-limits.js';

const DEEP = `{ run(id: "x") { ${'tasks { run { '.repeat(6)}id${' } }'.repeat(6)} } }`;
const DEAR =
  '{ runs(first: 100) { edges { node { steps { attempts { error { code } } } again: steps { attempts { error { code } } } } } } }';

describe('the limits of the API', () => {
  let api: ApiApp;
  let reviewer: ApiUser;
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'] });
    reviewer = await api.as('reviewer');
  });
  afterAll(() => api.close());

  it.each([
    ['QUERY_TOO_DEEP', DEEP, MAX_DEPTH],
    ['QUERY_TOO_COSTLY', DEAR, MAX_COST],
    ['QUERY_TOO_COSTLY', '{ inbox(first: 50) { edges { node { refusal { code } } } } }', MAX_COST],
  ])('%s is told with the limit, and nothing is read', async (code, query, limit) => {
    const { status, body } = await api.client().post('/graphql').set({ cookie: reviewer.cookie }).send({ query });
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toMatchObject([{ message: expect.stringContaining(String(limit)), extensions: { code } }]);
  });

  it('hold before anybody has signed in', async () => {
    const { body } = await api.client().post('/graphql').send({ query: DEEP });
    expect(body.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_DEEP' } }]);
  });

  it.each([
    ['values', `{ workflow(name: ${'['.repeat(2_000)}) { name } }`],
    [
      'values that end',
      `mutation { startRun(workflow: "orders", input: ${'[{a: '.repeat(1_000)}1${'}]'.repeat(1_000)}) { errors { code } } }`,
    ],
    ['types', `query ($a: ${'['.repeat(2_000)}Int${']'.repeat(2_000)}) { viewer { id } }`],
    ['fields', '{ a'.repeat(2_000)],
  ])('refuse a text with %s that would end the stack of its reader', async (_what, query) => {
    const { errors } = await reviewer.ask(query);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(`more than ${MAX_NESTING} deep`), extensions: { code: 'QUERY_TOO_DEEP' } },
    ]);
  });

  it('count what is wrong with the variables as mistakes of who sent them, however many there are', async () => {
    const query = 'mutation ($items: [SeenTask!]!) { releaseTasks(items: $items) { errors { code } } }';
    const { errors = [] } = await reviewer.ask(query, { items: Array.from({ length: 200 }, (_, index) => index) });
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT', 'GRAPHQL_INVALID']));
  });

  it('cut a text that is too long while it is read', async () => {
    const { errors } = await reviewer.ask(`{ ${'viewer { id } '.repeat(3_000)} }`);
    expect(errors).toMatchObject([{ message: expect.stringContaining('more that 5000 tokens') }]);
  });

  it('cut it for strangers, too, before it is compared with the schema', async () => {
    const query = `{ ${Array.from({ length: 95_000 }, (_, index) => `a${index}: nobody`).join(' ')} }`;
    const { body } = await api.client().post('/graphql').send({ query });
    // Validation would have found fault with each of the names.
    expect(body.errors).toMatchObject([{ message: expect.stringContaining('tokens'), extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
  });

  describe('of a subscription', () => {
    const answerTo = async (query: string): Promise<unknown> => {
      const { cookie } = reviewer;
      class SocketWithCookie extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { headers: { cookie } });
        }
      }
      const client = createClient({ url: `${api.url.replace('http', 'ws')}/graphql`, webSocketImpl: SocketWithCookie, retryAttempts: 0 });
      try {
        return await client.iterate({ query }).next();
      } catch (error) {
        return error;
      } finally {
        await client.dispose();
      }
    };
    /** A change is flat: only its aliases can be many. */
    const aliases = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}: kind`).join(' ');

    it('are the same', async () => {
      const spread = `subscription { runsChanged { ...Many ...Many ...Many } } fragment Many on Change { ${aliases(1_000)} }`;
      expect(await answerTo(spread)).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
      expect(await answerTo(`subscription { runsChanged { ${aliases(2_000)} } }`)).toMatchObject([
        { message: expect.stringContaining('more that 5000 tokens') },
      ]);
    });
  });

  describe('introspection', () => {
    it('is for those who develop', async () => {
      const { data } = await reviewer.ask(getIntrospectionQuery());
      expect(data.__schema.types.length).toBeGreaterThan(40);
      const { errors } = await reviewer.ask('{ viewr { id } }');
      expect(errors).toMatchObject([{ message: expect.stringContaining('Did you mean') }]);
    });

    it('is off in production, and so is guessing what was meant', async () => {
      const production = await startApiApp({ roles: ['api'], hasIntrospection: false });
      try {
        const { ask } = await production.as('admin');
        for (const query of [getIntrospectionQuery(), '{ __type(name: "Run") { name } }']) {
          const { data, errors } = await ask(query);
          expect(data).toBeUndefined();
          expect(errors?.[0]?.message).toContain('introspection is not allowed');
        }
        const { errors } = await ask('{ viewr { id } }');
        expect(errors).toMatchObject([{ message: 'Cannot query field "viewr" on type "Query".' }]);
      } finally {
        await production.close();
      }
    });
  });
});
